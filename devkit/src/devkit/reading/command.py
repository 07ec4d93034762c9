"""Fits a reader after a training, judges it, and shows both."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from devkit import evidence
from devkit.reading import picking
from devkit.reading.figures import chosen, figures, figures_of_things
from devkit.reading.fit import fit, terms_of, unread
from devkit.reading.observed import observed
from devkit.reading.picking import picks
from devkit.reading.sessions import Sessions
from devkit.route.router import Router
from devkit.training.progress import Progress

SESSIONS = "sessions"
"""The folder of a playbook with turns and their histories."""


@dataclass(frozen=True)
class Wanted:
    """A folder of turns with histories, and the playbook and the model to read them with."""

    data: Path
    playbook: Path
    model: Path


def command(wanted: Wanted, console: Console, *, keep: bool = False, as_json: bool = False) -> None:
    """Fit, write, judge and show; `keep`: write docs/evidence/reader.json too.

    Raises CorpusError, ModelError, PlaybookError.
    """
    sessions = Sessions.read(wanted.data)
    found = read(wanted, sessions, console)
    if keep:
        evidence.write("reader", found, data={str(wanted.data): sessions.sha256}, seed=None)
    if as_json:
        print(json.dumps(found, indent=1))
    else:
        Console().print(_table(found))


def read(wanted: Wanted, sessions: Sessions, console: Console) -> dict[str, Any]:
    """Write the reader beside the model; its figures, of writers left out in turn.

    Raises CorpusError for too few rows or an unknown label, ModelError, PlaybookError.
    """
    router = Router.open(wanted.playbook, wanted.model, reads=False)
    with Progress(console) as progress, progress.stage("Reader", len(sessions.rows)):
        rows = observed(router, sessions, progress.step)
        terms = terms_of(rows, router.version)
        choices = chosen(rows, unread(rows, terms), router.limits)
        learnt = picks(router.shop, rows, choices, terms.labels, router.names)
        count = len(terms.labels)
        referents = {kind: picking.fit(found, count) for kind, found in learnt.items()}
        fit(rows, terms, referents).save(wanted.model)
        things = {
            kind: figures_of_things(found, picking.unread(found, rows.writers, count))
            for kind, found in learnt.items()
        }
    return {"strength": terms.strength} | figures(rows, choices) | {"things": things}


def _table(found: dict[str, Any]) -> Table:
    shown = Table("writer left out", "turns", "first choice", "with the reader")
    for name, one in found["writers"].items():
        shown.add_row(name, str(one["turns"]), f"{one['first']:.1%}", f"{one['read']:.1%}")
    total = [f"{found[key]['value']:.1%}" for key in ("first", "read")]
    shown.add_row("all", str(found["turns"]), *total)
    return shown

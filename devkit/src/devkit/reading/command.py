"""Fits a reader after a training, judges it, and shows both."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from classifier.reading.referent import Referent
from devkit import evidence
from devkit.reading import picking
from devkit.reading.figures import chosen, figures, figures_of_things
from devkit.reading.fit import STRENGTHS, fit, terms_of, unread
from devkit.reading.observed import Observed, observed
from devkit.reading.picking import Pick, picks
from devkit.reading.sessions import Sessions
from devkit.reading.standing import observed_alone, singles_of
from devkit.route.router import Router
from devkit.training.progress import Progress

SESSIONS = "sessions"
"""The folder of a playbook with turns and their histories."""


@dataclass(frozen=True)
class Wanted:
    """Turns with histories, and the playbook and the model to read them with."""

    sessions: Sessions
    playbook: Path
    model: Path


def sessions_of(playbook: Path) -> Sessions | None:
    """The turns of a playbook's sessions/, if it has any. Raises CorpusError."""
    folder = playbook / SESSIONS
    return Sessions.read(folder) if folder.is_dir() else None


def command(wanted: Wanted, console: Console, *, keep: bool = False, as_json: bool = False) -> None:
    """Fit, write, judge and show; `keep`: write docs/evidence/reader.json too.

    Raises CorpusError, ModelError, PlaybookError.
    """
    sessions, found = wanted.sessions, read(wanted, console)
    if keep:
        evidence.write("reader", found, data={str(sessions.folder): sessions.sha256}, seed=None)
    if as_json:
        print(json.dumps(found, indent=1))
    else:
        Console().print(_table(found))


def read(wanted: Wanted, console: Console) -> dict[str, Any]:
    """Write the reader beside the model; its figures, of writers left out in turn.

    Raises CorpusError for too few rows or an unknown label, ModelError, PlaybookError.
    """
    router = Router.open(wanted.playbook, wanted.model, reads=False)
    sessions = wanted.sessions
    with Progress(console) as progress:
        with progress.stage("Turns, decided without a reader", len(sessions.rows)):
            rows = observed(router, sessions, progress.step)
        outside = rows.seen[0].alone.outside
        single = singles_of(wanted.playbook, len(rows.rows), outside)
        with progress.stage("Turns that stand by themselves", len(single)):
            singles = observed_alone(router, single, progress.step)
        with progress.stage("Reader, writers left out", len(STRENGTHS) + 1):
            terms = terms_of(rows, singles, router.version, progress.step)
            choices = chosen(rows, unread(rows, terms), router.limits)
        learnt = picks(router.shop, rows, choices, terms.labels, router.names)
        with progress.stage("Orders and books, writers left out", len(learnt)):
            referents, things = _things(learnt, rows, len(terms.labels), progress)
        fit(rows, terms, referents).save(wanted.model)
    return {"strength": terms.strength} | figures(rows, choices) | {"things": things}


def _things(
    learnt: dict[str, list[Pick]], rows: Observed, labels: int, progress: Progress
) -> tuple[dict[str, Referent], dict[str, Any]]:
    """Weights and figures by kind of thing."""
    referents, told = {}, {}
    for kind, found in learnt.items():
        referents[kind] = picking.fit(found, labels)
        told[kind] = figures_of_things(found, picking.unread(found, rows.writers, labels))
        progress.step()
    return referents, told


def _table(found: dict[str, Any]) -> Table:
    shown = Table("writer left out", "turns", "first choice", "with the reader")
    for name, one in found["writers"].items():
        shown.add_row(name, str(one["turns"]), f"{one['first']:.1%}", f"{one['read']:.1%}")
    total = [f"{found[key]['value']:.1%}" for key in ("first", "read")]
    shown.add_row("all", str(found["turns"]), *total)
    return shown

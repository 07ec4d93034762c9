"""Runs `tierwise classifier unseen`: one fit, asked about lines and values that it never saw."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from devkit.evaluation.command import rounded
from devkit.evaluation.share import Share
from devkit.evidence.writing import write
from devkit.training import crossval, finetune, fold, frozen, unseen
from devkit.training.corpus import Corpus, Row, sha256_of
from devkit.training.pipeline import encode
from devkit.training.progress import Progress
from devkit.training.rows import Rows
from devkit.training.targets import background_file, background_of
from devkit.training.unseen import Hold, Unseen

NAME = "unseen"
"""Of the evidence."""

ALL = "all"


@dataclass(frozen=True)
class Wanted:
    """What to ask: see the options of `tierwise classifier unseen`."""

    data: Path
    background: Path | None
    out_of_scope: str
    hold: Hold
    base: str
    recipe: finetune.Recipe


@dataclass(frozen=True)
class Answer:
    """A row that was asked, and the best of all labels, out of scope among them."""

    row: Row
    best: str

    @property
    def strict(self) -> bool:
        """Whether it is the row's label."""
        return self.best == self.row.label

    @property
    def accepted(self) -> bool:
        """Whether it is one that the row accepts."""
        return self.best in self.row.accepts


def command(wanted: Wanted, *, as_json: bool, wrong: bool, evidence: bool) -> None:
    """Measure, print, and write the evidence where asked; `wrong`: list what was not accepted."""
    corpus = Corpus.read(wanted.data)
    texts = background_of(wanted.data, wanted.background)
    rows = Rows.of(corpus.rows, wanted.out_of_scope, texts)
    chosen = unseen.split(rows, wanted.hold)
    with Progress(Console(stderr=True)) as progress:
        answers = run(rows, chosen, wanted, progress)
    figures = told(rows, chosen, answers)
    listed = [_plain(one) for one in answers if not one.accepted] if wrong else []
    if as_json:
        print(json.dumps(figures | ({"wrong": listed} if wrong else {}), indent=1))
    else:
        _show(figures, listed)
    if evidence:
        sums = {str(wanted.data): corpus.sha256}
        if background := background_file(wanted.data, wanted.background):
            sums[str(background)] = sha256_of([background])
        write(NAME, figures, data=sums, seed=wanted.recipe.seed)


def run(rows: Rows, chosen: Unseen, wanted: Wanted, progress: Progress) -> list[Answer]:
    """Fit once on the taught rows, as a training's last fit, in fp32; ask in the rows' order."""
    recipe, base = wanted.recipe, fold.load(wanted.base)
    encoded = encode(base, rows.part(chosen.taught + chosen.asked), recipe, progress)
    taught = list(range(len(chosen.taught)))
    asked = list(range(len(taught), len(encoded.rows)))
    inner = encoded.part(taught)
    epochs = finetune.epochs_of(len(taught), recipe)
    with progress.stage("Fine-tuning", finetune.steps(len(taught), recipe, epochs)):
        network = crossval.tuned(base, inner, recipe, epochs, progress.step)(taught)
    with progress.stage("Unseen rows", 1):
        with torch.no_grad():
            logits = network.logits(frozen.pooled(network, encoded.firsts(asked)))
        progress.step()
    best = logits.argmax(dim=1).tolist()
    said = zip(chosen.asked, best, strict=True)
    return [Answer(rows.rows[number], rows.labels[label]) for number, label in said]


def told(rows: Rows, chosen: Unseen, answers: Sequence[Answer]) -> dict[str, Any]:
    """As JSON: shares with their intervals, of all rows asked and by label."""
    left_out = len(rows) - len(chosen.taught) - len(chosen.asked)
    sizes = {"taught": len(chosen.taught), "asked": len(answers), "left_out": left_out}
    by_label: dict[str, list[Answer]] = defaultdict(list)
    for one in answers:
        by_label[one.row.label].append(one)
    labels = {label: _shares(by_label[label]) for label in sorted(by_label)}
    found: Any = rounded(_shares(answers) | {"labels": labels})
    return {"rows": sizes, **found, "table": paged(found)}


def _shares(answers: Sequence[Answer]) -> dict[str, Any]:
    """Of rows; and of templates, one turn each: all of its rows are accepted."""
    whole: dict[tuple[str, str], bool] = {}
    for one in answers:
        key = (one.row.label, unseen.line(one.row))
        whole[key] = whole.get(key, True) and one.accepted
    return {
        "strict": _share([one.strict for one in answers]),
        "accepted": _share([one.accepted for one in answers]),
        "templates": _share(list(whole.values())),
    }


def _share(flags: Sequence[bool]) -> dict[str, Any]:
    return Share.of_turns(sum(flags), len(flags)).model_dump()


def paged(found: dict[str, Any]) -> dict[str, Any]:
    """The table of a page: a row per label, and one of all."""
    shares = ("right", "95 % interval", "accepted", "95 % interval")
    columns = ["label", "rows", *({"title": name, "format": "%"} for name in shares)]
    lines = {**found["labels"], ALL: found}
    return {"columns": columns, "rows": [_cells(name, one) for name, one in lines.items()]}


def _cells(name: str, one: dict[str, Any]) -> list[Any]:
    cells: list[Any] = [name, one["strict"]["of"]]
    for share in (one["strict"], one["accepted"]):
        cells += [share["value"], [share["low"], share["high"]]]
    return cells


def _show(figures: dict[str, Any], wrong: Sequence[dict[str, Any]]) -> None:
    console, sizes, whole = Console(width=120), figures["rows"], figures["templates"]
    shown = Table("label", "rows", "right", "accepted", title=_title(sizes))
    for name, count, *shares in figures["table"]["rows"]:
        shown.add_row(name, str(count), _told(*shares[:2]), _told(*shares[2:]))
    console.print(shown)
    console.print(f"Templates with all rows accepted: {whole['count']} of {whole['of']}")
    for one in wrong:
        console.print(f"{one['label']} → {one['best']}: {one['text']}", markup=False)


def _title(sizes: dict[str, int]) -> str:
    return f"{sizes['taught']:,} rows taught, {sizes['asked']} asked, {sizes['left_out']} left out"


def _told(value: float, interval: Sequence[float]) -> str:
    return f"{value:.1%} [{interval[0]:.1%}, {interval[1]:.1%}]"


def _plain(one: Answer) -> dict[str, Any]:
    row = one.row
    found = {"text": row.text, "label": row.label, "best": one.best, "template": row.template}
    return found | {"accepts": sorted(row.accepts)}

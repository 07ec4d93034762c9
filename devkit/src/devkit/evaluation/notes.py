"""What a reader of the figures has to know about the data they come from."""

from collections.abc import Iterable, Iterator

from classifier.model import MAX_CHARACTERS
from devkit.evaluation.data import Data
from devkit.evaluation.judged import Terms, strangers


def notes(data: Data, terms: Terms) -> tuple[str, ...]:
    """One sentence or two for each thing that may surprise."""
    return (*_labels(data, terms), *_texts(data))


def absent(data: Data, terms: Terms) -> tuple[str, ...]:
    """Labels of the model that no row has."""
    found = {row.label for row in data.rows}
    return tuple(sorted(set(terms.labels) - found))


def _labels(data: Data, terms: Terms) -> Iterator[str]:
    if unknown := strangers([row.label for row in data.rows], terms):
        yield (
            f"{_listed(unknown)}: labels that the model does not know. Their rows count as wrong "
            "unless they accept another label, and as in scope. If one of them means out of scope: "
            "--out-of-scope NAME."
        )
    if missing := absent(data, terms):
        yield f"{', '.join(missing)}: labels of the model that no row has."
    forbidden = [name for row in data.rows for name in row.must_not]
    if unknown := strangers(forbidden, terms):
        yield f"{_listed(unknown)}: must_not labels that the model does not know, so never hit."
    if all(row.label != terms.out_of_scope for row in data.rows):
        yield (
            "No row is out of scope: coverage and precision say nothing about live traffic. Add "
            "such rows, or texts with --background."
        )


def _texts(data: Data) -> Iterator[str]:
    if told := _count(bool(row.history) for row in data.rows):
        yield f"{told} rows have a history: the model sees the text alone."
    if long := _count(len(row.text) > MAX_CHARACTERS for row in data.rows):
        yield f"{long} texts are over {MAX_CHARACTERS} characters: the model sees their beginning."
    if data.repeated:
        yield f"{data.repeated} background texts are left out: they are also in the data."


def _count(found: Iterable[bool]) -> int:
    return sum(found)


def _listed(names: dict[str, int]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in names.items())

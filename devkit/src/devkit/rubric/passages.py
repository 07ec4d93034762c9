"""What retrieval could find: series of the catalogue, policies, and rows that no customer owns."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from devkit.rubric.embed import Embed, Vectors
from devkit.rubric.example import Example
from devkit.rubric.facts import as_text, leaves, plain
from playbook.catalogue import CATALOGUE
from playbook.shop import Shop

FOUND = 5
"""Passages that a prompt has room for."""
NAMES = ("title", "name", "product")


@dataclass(frozen=True)
class Passage:
    """A text that can be found, by its likeness or by its name in the customer's words."""

    name: str
    text: str


@dataclass(frozen=True)
class Library:
    """Passages with their vectors (n, dim)."""

    passages: tuple[Passage, ...]
    vectors: Vectors

    @classmethod
    def of(cls, passages: Sequence[Passage], embed: Embed) -> "Library":
        """Embed each passage once."""
        kept = tuple(dict.fromkeys(passages))
        vectors = embed([one.text[:600] for one in kept]) if kept else np.zeros((0, 1), np.float32)
        return cls(kept, vectors)

    def found(self, text: str, vector: Vectors) -> str:
        """The texts of the best few: those named in the text first, then by likeness."""
        if not self.passages:
            return ""
        asked = f" {plain(text)} "
        named = [float(bool(one.name) and f" {one.name} " in asked) for one in self.passages]
        score = np.array(named) + self.vectors @ vector
        best = np.argsort(-score, kind="stable")[:FOUND]
        return "\n".join(self.passages[number].text for number in best)


def passages_of(playbook: Path, shop: Shop, examples: Sequence[Example]) -> list[Passage]:
    """All that an index of this shop would hold, and the public rows of the examples."""
    own = [row_passage(one) for one in examples if one.entities and not keyed(one, shop)]
    policies = [
        Passage("", f"{one.title}: {one.text} {' '.join(one.asks)}")
        for one in shop.policies.values()
    ]
    return [*own, *policies, *_series(playbook / CATALOGUE)]


def row_passage(example: Example) -> Passage:
    """An example's row as a text that an index could hold."""
    row = dict(example.entities)
    name = next((v for p, v in leaves(row) if p.rsplit(".", 1)[-1] in NAMES), "")
    return Passage(plain(str(name)), as_text(row))


def keyed(example: Example, shop: Shop) -> bool:
    """Whether the row is found by a key: the session's customer, or an id in the words.

    An id is a slot of the shop whose value the row holds.
    """
    if example.entities.get("customer_id"):
        return True
    said = {plain(value).upper() for value in shop.find_slots(example.text).values()}
    return any(plain(str(value)).upper() in said for _, value in leaves(dict(example.entities)))


def _series(file: Path) -> list[Passage]:
    if not file.is_file():
        return []
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    return [Passage(plain(str(row["title"])), _told(row)) for row in rows]


def _told(row: dict[str, object]) -> str:
    kept = ("title", "authors", "genres", "year", "end_year", "status", "volumes", "blurb")
    return "\n".join(f"{name}: {row[name]}" for name in kept if row.get(name))

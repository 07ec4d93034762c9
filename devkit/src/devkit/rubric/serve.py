"""Which held-out answers each tier would have got wrong, having seen the others.

* template: the form is guessed from the words alone; the answer is that form's most usual one,
  and must tell the very facts of the right one.
* order: the form is guessed from the words and the row; every fact that varies must stand in a row
  that is found by a key.
* rag: every fact of the answer must stand in the passages found, and where no fact varies, most of
  its words: the small model reads the question, but only tells what it was given.
* llm: it writes freely, but hard facts (ids, dates, amounts) it must find like rag does: it has no
  tools. Names of the catalogue are its own choice.

A model errs besides, by an assumed share (`Assumed.model_wrong`), which is not counted here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devkit.rubric.embed import Vectors
from devkit.rubric.example import Example
from devkit.rubric.facts import Known, Masked, as_text, plain
from devkit.rubric.passages import Library
from devkit.rubric.predictor import design, predict, seen_once
from events.tier import Tier

Flags = NDArray[np.bool_]
SUPPORTED = 0.5
"""The share of an answer's longer words that the passages must hold if it is taken from them."""


@dataclass(frozen=True)
class Ground:
    """Everything that is known of n examples before any tier is tried.

    `vectors` (n, dim) of the texts, `rows` their row features, `masked` and `forms` their answers,
    `keyed` whether the row was found by a key, `found` the passages retrieved for each text.
    """

    examples: tuple[Example, ...]
    vectors: Vectors
    rows: tuple[frozenset[str], ...]
    masked: tuple[Masked, ...]
    forms: tuple[int, ...]
    keyed: tuple[bool, ...]
    found: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many forms there are."""
        return max(self.forms) + 1


def retrieved(examples: Sequence[Example], vectors: Vectors, library: Library) -> tuple[str, ...]:
    """The passages found for each text, joined."""
    return tuple(
        library.found(one.text, vector) for one, vector in zip(examples, vectors, strict=True)
    )


def wrong(ground: Ground, train: Sequence[int], test: Sequence[int]) -> dict[Tier, Flags]:
    """For each tier, which examples of `test` it gets wrong after `train`. Flags (len(test),)."""
    said = Trained(ground, train)
    by_text = said.guessed(test, with_row=False)
    by_row = said.guessed(test, with_row=True)
    pairs = list(zip(test, by_text, by_row, strict=True))
    judged = {
        Tier.TEMPLATE: [not said.template(n, form) for n, form, _ in pairs],
        Tier.ORDER: [not said.order(n, form) for n, _, form in pairs],
        Tier.RAG: [not said.rag(n) for n in test],
        Tier.LLM: [not said.llm(n) for n in test],
    }
    return {tier: np.array(flags, np.bool_) for tier, flags in judged.items()}


class Trained:
    """What can be said of one example having seen others."""

    def __init__(self, ground: Ground, train: Sequence[int]) -> None:
        self._ground = ground
        self._train = list(train)
        self._facts = {form: self._usual(form) for form in {ground.forms[n] for n in train}}
        self._often = Counter(ground.forms[n] for n in train)

    def _usual(self, form: int) -> frozenset[str]:
        counts = Counter(
            self._ground.masked[n].facts for n in self._train if self._ground.forms[n] == form
        )
        return counts.most_common(1)[0][0]

    def guessed(self, test: Sequence[int], *, with_row: bool) -> list[int]:
        """The form guessed for each example."""
        ground = self._ground
        features = design(ground.vectors, ground.rows if with_row else None, self._train)
        seen = [ground.forms[n] for n in self._train]
        made = predict(
            features[self._train], seen, features[list(test)], ground.total, seen_once(seen)
        )
        return [int(form) for form in made.forms]

    def template(self, number: int, form: int) -> bool:
        """Right form, and the same facts as always."""
        right = self._ground.masked[number].facts
        return form == self._ground.forms[number] and self._facts[form] == right

    def order(self, number: int, form: int) -> bool:
        """Right form, and what varies stands in a row found by its key."""
        ground = self._ground
        if form != ground.forms[number]:
            return False
        varying = ground.masked[number].facts - self._facts[form]
        if not varying:
            return True
        row = Known(as_text(dict(ground.examples[number].entities)))
        return ground.keyed[number] and not row.missing(varying)

    def rag(self, number: int) -> bool:
        """Every fact in the passages found, or most of the words where no fact varies."""
        ground = self._ground
        told = Known(f"{ground.found[number]}\n{ground.examples[number].text}")
        varying = ground.masked[number].facts - self._constant(number)
        if told.missing(varying):
            return False
        return bool(varying) or self._supported(number)

    def llm(self, number: int) -> bool:
        """The facts with digits in them must be found; the words and the choice are its own."""
        ground = self._ground
        told = Known(f"{ground.found[number]}\n{ground.examples[number].text}")
        hard = {one for one in ground.masked[number].facts if any(sign.isdigit() for sign in one)}
        return not told.missing(hard - self._constant(number))

    def _constant(self, number: int) -> frozenset[str]:
        form = self._ground.forms[number]
        return self._facts[form] if self._often[form] > 1 else frozenset()

    def _supported(self, number: int) -> bool:
        example = self._ground.examples[number]
        words = {one for one in plain(example.answer).split() if len(one) > 3}
        held = set(plain(f"{self._ground.found[number]} {example.text}").split())
        return not words or len(words & held) / len(words) >= SUPPORTED


def folds(count: int, parts: int, seed: int) -> list[tuple[list[int], list[int]]]:
    """Train and test numbers of a cross-validation."""
    order = np.random.default_rng(seed).permutation(count)
    return [
        (sorted(set(range(count)) - set(part.tolist())), sorted(part.tolist()))
        for part in np.array_split(order, parts)
    ]


def cross_validated(ground: Ground, parts: int, seed: int) -> dict[Tier, Flags]:
    """Which examples each tier gets wrong, each judged having seen the other parts. Flags (n,)."""
    count = len(ground.examples)
    total = {tier: np.zeros(count, np.bool_) for tier in Tier}
    for train, test in folds(count, parts, seed):
        for tier, flags in wrong(ground, train, test).items():
            total[tier][test] = flags
    return total

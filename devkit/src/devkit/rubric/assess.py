"""Measures examples of a use case and proposes what to make of it."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from devkit.errors import environment_error
from devkit.rubric import seats
from devkit.rubric.assumed import Assumed, read_assumed
from devkit.rubric.embed import Embed
from devkit.rubric.entropy import Bits, entropy
from devkit.rubric.example import Example
from devkit.rubric.facts import Masker
from devkit.rubric.forms import forms_of, masked_answers
from devkit.rubric.passages import Library, keyed, passages_of
from devkit.rubric.predictor import row_features
from devkit.rubric.separability import Separability, read_corpus, separability
from devkit.rubric.serve import Ground, cross_validated, retrieved
from devkit.rubric.value import Offer, chosen, offers
from devkit.rubric.volatility import Cache, Volatility, cache_rule, volatility
from playbook.catalogue import CATALOGUE, read_catalogue
from playbook.shop import Shop, load_shop
from playbook.tolerance import LEAST, MOST

ID = r"[a-z0-9_]+"
"""What `playbook.use_case` takes for the id of a use case."""
SEED = 7
PARTS = 10
FALLBACK = "unavailable"
"""The template that is sent while a tier is away: it needs no facts."""
MAIL = "@"
"""An answer whose last sentence holds an address sends the customer there."""
TWINS = 95.0
"""Utterances of this likeness count once."""


@dataclass(frozen=True)
class Setting:
    """What a new use case would come into: a shop, its corpus, and the figures to go by."""

    playbook: Path
    shop: Shop
    assumed: Assumed
    embed: Embed
    masker: Masker
    replace: bool = False
    seed: int = SEED

    @classmethod
    def of(
        cls, playbook: Path, reference: Path, embed: Embed, *, replace: bool = False
    ) -> "Setting":
        """Read a playbook; `reference` has the assumptions where it has none of its own."""
        shop, assumed = load_shop(playbook), read_assumed(playbook, reference)
        file = playbook / CATALOGUE  # a shop may have none
        titles = [one.title for one in read_catalogue(file)] if file.is_file() else []
        return cls(playbook, shop, assumed, embed, Masker(titles), replace)


@dataclass(frozen=True)
class Assessment:
    """All that was measured, and the choice. Shares 0 to 1, USD a turn."""

    name: str
    harm_usd: float
    error_target: float
    distinct: int
    by_words: Bits
    by_row: Bits
    separable: Separability
    changes: Volatility
    keyed: float
    offers: tuple[Offer, ...]
    choice: Offer
    cache: Cache
    seats: tuple[seats.Seat, ...]

    @property
    def vetoed(self) -> bool:
        """Whether any seat stops the proposal."""
        return not all(seat.agrees for seat in self.seats)


class NotEnoughError(Exception):
    """Too few examples for any figure. The message says how many are missing."""


def harm_of(examples: Sequence[Example], given: float | None) -> float:
    """The harm given, else the examples' mean. Raises DevkitError where neither is a number."""
    known = [one.harm_usd for one in examples if one.harm_usd is not None]
    if given is None and not known:
        raise environment_error(
            "The harm of a wrong answer is unknown: say --harm USD, or give harm_usd in the rows."
        )
    if given is not None and not math.isfinite(given):
        raise environment_error(f"--harm {given} is no amount: say what a wrong answer costs.")
    return float(np.mean(known)) if given is None else given


def tolerated(harm_usd: float, risk_usd: float) -> float:
    """The share of wrong answers that a harm allows, as `playbook.tolerance` has it."""
    return min(max(risk_usd / harm_usd, LEAST), MOST) if harm_usd else MOST


def ground(examples: Sequence[Example], setting: Setting) -> Ground:
    """Everything about the examples that any tier could use. `forms` are grouped over all."""
    vectors = setting.embed([one.text for one in examples])
    masked = masked_answers(examples, setting.masker)
    library = Library.of(passages_of(setting.playbook, setting.shop, examples), setting.embed)
    return Ground(
        examples=tuple(examples),
        vectors=vectors,
        rows=tuple(row_features(examples)),
        masked=tuple(masked),
        forms=tuple(forms_of(masked)),
        keyed=tuple(keyed(one, setting.shop) for one in examples),
        found=retrieved(examples, vectors, library),
    )


def assess(
    examples: Sequence[Example], name: str, setting: Setting, harm: float | None = None
) -> Assessment:
    """Measure and choose. Raises NotEnoughError; DevkitError for an id or a harm that is none."""
    if not re.fullmatch(ID, name):
        raise environment_error(f"{name!r} cannot be an id: give --id of a-z, 0-9 and _ alone.")
    least = setting.assumed.least_examples
    if len(examples) < least:
        raise NotEnoughError(f"not enough examples: {len(examples)} given, {least} are needed")
    harm_usd = harm_of(examples, harm)
    known = ground(examples, setting)
    corpus = read_corpus(setting.playbook / "corpus", name, setting.seed)
    texts = [one.text for one in examples]
    apart = separability(texts, corpus, setting.embed, setting.seed)
    wrong = cross_validated(known, PARTS, setting.seed)
    every = offers(wrong, harm_usd, setting.assumed, setting.shop.prices)
    return _judged(name, harm_usd, known, apart, every, setting)


def _judged(
    name: str,
    harm_usd: float,
    known: Ground,
    apart: Separability,
    every: tuple[Offer, ...],
    setting: Setting,
) -> Assessment:
    target = tolerated(harm_usd, setting.shop.risk_usd)
    best, changes = chosen(every), volatility(known, setting.masker)
    owned = float(np.mean(known.keyed))
    distinct = distinct_texts([one.text for one in known.examples])
    return Assessment(
        name=name,
        harm_usd=harm_usd,
        error_target=target,
        distinct=distinct,
        by_words=entropy(known, with_row=False, seed=setting.seed),
        by_row=entropy(known, with_row=True, seed=setting.seed),
        separable=apart,
        changes=changes,
        keyed=owned,
        offers=every,
        choice=best,
        cache=cache_rule(changes, best.tier, owned, target),
        seats=_seats(name, distinct, best, target, apart, changes, known, setting),
    )


def _seats(
    name: str,
    distinct: int,
    best: Offer,
    target: float,
    apart: Separability,
    changes: Volatility,
    known: Ground,
    setting: Setting,
) -> tuple[seats.Seat, ...]:
    assumed, shop = setting.assumed, setting.shop
    settled = Counter(seats.settles(one, MAIL) for one in known.examples)
    return (
        seats.machine_learning(best, target, apart, assumed),
        seats.architecture(best.tier, assumed),
        seats.data_science(distinct, best, target, assumed),
        seats.operations(name, FALLBACK, shop, changes, best, replace=setting.replace),
        seats.product(settled, assumed),
    )


def distinct_texts(texts: Sequence[str]) -> int:
    """How many utterances are left when near twins count once."""
    kept: list[str] = []
    for text in (one.casefold().strip() for one in texts):
        if process.extractOne(text, kept, scorer=fuzz.ratio, score_cutoff=TWINS) is None:
            kept.append(text)
    return len(kept)

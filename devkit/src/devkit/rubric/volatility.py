"""Whether the answer to a question ages: like questions at different times, and the cache rule."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from devkit.rubric.example import Example
from devkit.rubric.facts import Masker
from devkit.rubric.serve import Ground
from events.tier import Tier

LIKE = 0.75
"""Texts that name the same facts, those of their rows too, ask the same from this cosine on."""
LEAST_PAIRS = 5
DAY_S = 86_400.0
SHORTEST_S = 60.0


@dataclass(frozen=True)
class Volatility:
    """Pairs of like questions next to each other in time, and how many answers had changed.

    `per_day` is the rate of change (maximum likelihood for changes seen only at the end of a gap;
    infinite if every answer changed), and without any change the highest rate that is consistent
    with seeing none (rule of three). None: too few pairs to say.
    """

    pairs: int
    changed: int
    per_day: float | None

    def __str__(self) -> str:
        if self.per_day is None:
            return f"not enough examples: {self.pairs} of {LEAST_PAIRS} pairs of like questions"
        rate = "every time" if math.isinf(self.per_day) else f"{self.per_day:.2g} a day"
        least = "at most " if not self.changed else ""
        return f"{self.changed} of {self.pairs} like questions had another answer, {least}{rate}"


@dataclass(frozen=True)
class Cache:
    """`rule` is none, playbook, day or entity; `ttl_s` seconds only for entity."""

    rule: str
    ttl_s: int | None
    why: str

    def __str__(self) -> str:
        told = {
            "none": "no cache",
            "playbook": "until the playbook's version changes",
            "day": "for the day",
            "entity": f"per entity, for {self.ttl_s} s",
        }
        return f"{told[self.rule]}: {self.why}"


def volatility(ground: Ground, masker: Masker) -> Volatility:
    """Compare answers to like questions in their order of time."""
    gaps = []
    for numbers in _alike(ground, masker):
        for first, second in pairwise(numbers):
            gap = _gap_days(ground.examples[first], ground.examples[second])
            if gap > 0:
                gaps.append((gap, _answer(ground, first) != _answer(ground, second)))
    changed = sum(1 for _, one in gaps if one)
    return Volatility(len(gaps), changed, _rate(gaps) if len(gaps) >= LEAST_PAIRS else None)


def cache_rule(seen: Volatility, tier: Tier, keyed: float, tolerated: float) -> Cache:
    """How long an answer may be given again so that at most `tolerated` of them are stale.

    At a rate of change r a cached answer of age t is stale with about r·t, on average r·T/2 over a
    time to live T: T = 2 · tolerated / r. `keyed` is the share of answers from a customer's rows.
    """
    if tier is Tier.LLM:
        return Cache("none", None, "answers are free, and seldom asked for twice alike")
    if tier is Tier.TEMPLATE and not seen.changed:
        return Cache("playbook", None, "its facts are the playbook's, and none was seen to change")
    if seen.per_day is None:
        return Cache("none", None, str(seen))
    ttl = 2 * tolerated / seen.per_day * DAY_S if seen.per_day else math.inf
    if ttl < SHORTEST_S:
        return Cache("none", None, str(seen))
    if ttl >= DAY_S and keyed < 0.5:
        return Cache("day", None, str(seen))
    return Cache("entity", int(min(ttl, DAY_S)), str(seen))


def _alike(ground: Ground, masker: Masker) -> list[list[int]]:
    groups: dict[object, list[list[int]]] = defaultdict(list)
    timed = [(one.at.timestamp(), n) for n, one in enumerate(ground.examples) if one.at]
    for _, number in sorted(timed):
        example = ground.examples[number]
        said = masker.masked(example.text, dict(example.entities)).facts
        places = groups[(said, str(example.entities.get("customer_id")))]
        near = (g for g in places if ground.vectors[g[0]] @ ground.vectors[number] >= LIKE)
        found = next(near, None)
        if found is None:
            places.append([number])
        else:
            found.append(number)
    return [group for places in groups.values() for group in places]


def _gap_days(first: Example, second: Example) -> float:
    assert first.at is not None
    assert second.at is not None
    return (second.at - first.at).total_seconds() / DAY_S


def _answer(ground: Ground, number: int) -> tuple[int, frozenset[str]]:
    return ground.forms[number], ground.masked[number].facts


def _rate(gaps: Sequence[tuple[float, bool]]) -> float:
    if not any(changed for _, changed in gaps):
        return 3 / sum(gap for gap, _ in gaps)
    if all(changed for _, changed in gaps):
        return math.inf
    low, high = 1e-9, 1e9
    for _ in range(100):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if _slope(gaps, middle) > 0 else (low, middle)
    return low


def _slope(gaps: Sequence[tuple[float, bool]], rate: float) -> float:
    """The likelihood's slope: a change within a gap g has the chance 1 - exp(-rate·g)."""
    total = 0.0
    for gap, changed in gaps:
        spent = min(rate * gap, 500.0)
        total += gap / math.expm1(spent) if changed else -gap
    return total

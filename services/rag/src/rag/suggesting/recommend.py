"""Chooses series for a wish: conditions as filters, likeness by meaning, then by themes."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qdrant_client import models as qdrant

from playbook.series import Series
from rag.index.point import SERIES, point_id
from rag.index.shelf import Shelf
from rag.kit import Searches
from rag.search import only
from rag.suggesting.wish import GROWN, Wish

PICKS = 5
CONSIDERED = 60
MEANING, THEMES, WANTED = 0.5, 0.3, 0.2
"""What likeness by meaning, shared themes and themes asked for weigh. Chosen by hand on the
examples of the corpus; there are no clicks to learn them from yet."""

GROWN_UP = ("seinen", "josei")
NOT_FOR_CHILDREN = (
    "gore", "torture", "body horror", "fan service", "suicide", "abuse", "slavery", "nudity",
    "sexual content", "sexual violence", "drugs", "ecchi", "hentai", "erotica", "serial killer",
)  # fmt: skip


@dataclass(frozen=True)
class Pick:
    """A suggestion and how well it fits, 0 to 1."""

    series: Series
    score: float


async def picks_for(
    wish: Wish, description: str | None, shelf: Shelf, search: Searches
) -> list[Pick]:
    """Up to five series that meet every condition of a wish, the best first.

    `description` are words to be like beside the seeds. Raises Unavailable.
    """
    where = conditions(wish)
    if wish.seeds:
        ids = [seed.id for seed in wish.seeds]
        hits = await search.like(shelf.collection, ids, description, where, CONSIDERED)
    else:
        hits = await search.near(shelf.collection, description or "", where, CONSIDERED)
    known = [(shelf.series[hit.ref], hit.score) for hit in hits if hit.ref in shelf.series]
    picks = [Pick(series, _fit(series, score, wish)) for series, score in known]
    return sorted(picks, key=lambda pick: -pick.score)[:PICKS]


def conditions(wish: Wish) -> qdrant.Filter:
    """The wish as a filter: what does not meet it is never considered."""
    must: list[qdrant.Condition] = [only(SERIES)]
    must += _ranges(wish)
    if wish.finished:
        must.append(_any("status", ["finished"]))
    if wish.demographic:
        must.append(_any("demographic", [wish.demographic]))
    left_out = [point_id(SERIES, one) for one in {s.id for s in wish.seeds} | wish.shown]
    must_not: list[qdrant.Condition] = (
        [qdrant.HasIdCondition(has_id=list(left_out))] if left_out else []
    )
    if wish.avoid:
        must_not += [_any("themes", sorted(wish.avoid)), _any("genres", sorted(wish.avoid))]
    if wish.age is not None and wish.age < GROWN:
        must_not += [_any("demographic", GROWN_UP), _any("themes", NOT_FOR_CHILDREN)]
        must_not.append(_any("genres", NOT_FOR_CHILDREN))
    return qdrant.Filter(must=must, must_not=must_not or None)


def _ranges(wish: Wish) -> Iterable[qdrant.FieldCondition]:
    bounds = (
        ("violence", wish.violence_above, wish.violence_below),
        ("volumes", wish.volumes_above, wish.volumes_below),
    )
    for key, above, below in bounds:
        if above is not None or below is not None:
            yield qdrant.FieldCondition(key=key, range=qdrant.Range(gt=above, lt=below))


def _any(key: str, values: Iterable[str]) -> qdrant.FieldCondition:
    return qdrant.FieldCondition(key=key, match=qdrant.MatchAny(any=list(values)))


def _fit(series: Series, meaning: float, wish: Wish) -> float:
    """How well a series fits, by what of it the wish speaks of."""
    parts = [(MEANING, max(meaning, 0.0))]
    if wish.seeds:
        likes = [likeness(series, seed) for seed in wish.seeds]
        parts.append((THEMES, sum(likes) / len(likes)))
    if wish.themes:
        held = {genre.lower(): 100.0 for genre in series.genres} | dict(series.themes)
        parts.append((WANTED, max(held.get(theme, 0.0) for theme in wish.themes) / 100))
    return sum(weight * value for weight, value in parts) / sum(weight for weight, _ in parts)


def likeness(one: Series, other: Series) -> float:
    """How much two series share of themes and genres: the cosine of their weights, 0 to 1."""
    mine, theirs = _weights(one), _weights(other)
    product = sum(weight * theirs.get(name, 0.0) for name, weight in mine.items())
    length = math.hypot(*mine.values()) * math.hypot(*theirs.values())
    return product / length if length else 0.0


def _weights(series: Series) -> Mapping[str, float]:
    """Violence aside: to be as violent is no reason to be like."""
    genres = {genre.lower(): 50.0 for genre in series.genres}
    themes = {name: weight for name, weight in series.themes.items() if name != "violence"}
    return genres | themes

"""The catalogue as one version of the index holds it, in memory: facts need no query."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as qdrant

from playbook.series import Series
from rag.index.point import SERIES
from rag.matching.matcher import Matcher, Mention
from rag.matching.people import People

PAGE = 256


class Shelf:
    """Every series of one version, by its id, and what finds them in a text."""

    def __init__(self, collection: str, series: Iterable[Series]) -> None:
        self.collection = collection
        self.series = {one.id: one for one in series}
        self._matcher = Matcher(tuple(self.series.values()))
        self._people = People(self.series.values())
        self.vocabulary = frozenset(_themes(self.series.values()))
        """Every genre and theme, in lower case."""

    def find(self, text: str) -> tuple[Mention, ...]:
        """The places of a text that name a series."""
        return self._matcher.find(text)

    def by(self, text: str) -> tuple[str, tuple[Series, ...]] | None:
        """The author that a text names, and the series by that author."""
        return self._people.find(text)

    def get(self, series_id: str | None) -> Series | None:
        """The series with an id."""
        return self.series.get(series_id or "")


def _themes(series: Iterable[Series]) -> Iterator[str]:
    for one in series:
        yield from (genre.lower() for genre in one.genres)
        yield from one.themes


async def read_shelf(client: AsyncQdrantClient, collection: str) -> Shelf:
    """All series of a collection. Raises what the client raises."""
    only = qdrant.Filter(
        must=[qdrant.FieldCondition(key="kind", match=qdrant.MatchValue(value=SERIES))]
    )
    found: list[Series] = []
    offset: Any = None
    while True:
        records, offset = await client.scroll(
            collection, scroll_filter=only, limit=PAGE, offset=offset
        )
        found += [_series(record.payload or {}) for record in records]
        if offset is None:
            return Shelf(collection, found)


def _series(payload: Mapping[str, Any]) -> Series:
    return Series.model_validate(payload["series"])

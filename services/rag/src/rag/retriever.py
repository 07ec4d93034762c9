"""Searches the index by meaning. What cannot be found in time is not found at all."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as qdrant

from rag.index.connection import AWAY
from rag.index.point import SERIES, point_id
from telemetry.retrieval import retrieving
from worker.handler import Unavailable

AWAY_PAUSE_S = 1.0
"""After a failure nobody asks for so long: each who did would wait for the time-out."""


@dataclass(frozen=True)
class Hit:
    """A point that was found. `score` is its likeness, at most 1."""

    kind: str
    ref: str
    score: float
    payload: dict[str, Any]


class Retriever:
    """Queries of one Qdrant, each bounded by `timeout_s`."""

    def __init__(self, client: AsyncQdrantClient, timeout_s: float) -> None:
        self._client = client
        self._timeout_s = timeout_s
        self._away_until = 0.0

    def ready(self) -> None:
        """Raises Unavailable while nobody asks: what a query needs is then not worth its time."""
        if time.monotonic() < self._away_until:
            raise Unavailable("qdrant", "Qdrant did not answer a moment ago")

    async def near(
        self, collection: str, vector: Sequence[float], where: qdrant.Filter, limit: int
    ) -> list[Hit]:
        """The points nearest to a vector, the nearest first. Raises Unavailable."""
        return await self._found(collection, list(vector), where, limit)

    async def like(
        self,
        collection: str,
        series: Sequence[str],
        vector: Sequence[float] | None,
        where: qdrant.Filter,
        limit: int,
    ) -> list[Hit]:
        """The points like all of these series, and like a vector if one is given; themselves are
        none of them. Raises Unavailable."""
        wanted: list[Any] = [point_id(SERIES, one) for one in series]
        if vector is not None:
            wanted.append(list(vector))
        query = qdrant.RecommendQuery(recommend=qdrant.RecommendInput(positive=wanted))
        return await self._found(collection, query, where, limit)

    async def _found(
        self, collection: str, query: Any, where: qdrant.Filter, limit: int
    ) -> list[Hit]:
        self.ready()
        try:
            with retrieving(collection, limit):
                async with asyncio.timeout(self._timeout_s):
                    found = await self._client.query_points(
                        collection, query=query, query_filter=where, limit=limit
                    )
        except AWAY as error:
            self._away_until = time.monotonic() + AWAY_PAUSE_S
            raise Unavailable("qdrant", f"the index cannot be searched: {error!r}") from error
        return [_hit(point) for point in found.points]


def _hit(point: qdrant.ScoredPoint) -> Hit:
    payload = point.payload or {}
    return Hit(str(payload["kind"]), str(payload["ref"]), min(point.score, 1.0), payload)

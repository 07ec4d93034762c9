"""Search by meaning: a customer's words become a vector, the vector finds points."""

import asyncio
from collections.abc import Sequence

from qdrant_client import models as qdrant

from rag.embedder import Embedder
from rag.index.point import POLICY, SERIES
from rag.retriever import Hit, Retriever
from worker.handler import Unavailable

EMBED_TIMEOUT_S = 0.4
"""An embedding takes 15 ms alone; one that waits longer stands behind a crowd."""


def only(kind: str) -> qdrant.FieldCondition:
    """The condition that a point is of a kind."""
    return qdrant.FieldCondition(key="kind", match=qdrant.MatchValue(value=kind))


POLICIES = qdrant.Filter(must=[only(POLICY)])
ANY_SERIES = qdrant.Filter(must=[only(SERIES)])


class Search:
    """The embedder and the retriever together."""

    def __init__(self, embedder: Embedder, retriever: Retriever) -> None:
        self._embedder = embedder
        self._retriever = retriever

    async def near(self, collection: str, text: str, where: qdrant.Filter, limit: int) -> list[Hit]:
        """The points nearest to a text, the nearest first. Raises Unavailable."""
        self._retriever.ready()
        vector = await self._vector(text)
        return await self._retriever.near(collection, vector, where, limit)

    async def like(
        self,
        collection: str,
        series: Sequence[str],
        text: str | None,
        where: qdrant.Filter,
        limit: int,
    ) -> list[Hit]:
        """The points like these series, and like a text if one is given. Raises Unavailable."""
        self._retriever.ready()
        vector = await self._vector(text) if text else None
        return await self._retriever.like(collection, series, vector, where, limit)

    async def _vector(self, text: str) -> list[float]:
        try:
            async with asyncio.timeout(EMBED_TIMEOUT_S):
                return await self._embedder(text)
        except TimeoutError as error:
            raise Unavailable("embedder", "too many texts wait for their vector") from error

"""Searches are bounded in time, and a Qdrant that is away is left alone for a moment."""

import asyncio
import time
from typing import Any, cast

import httpx
import pytest
from qdrant_client import AsyncQdrantClient
from qdrant_client.http.exceptions import ResponseHandlingException

from rag.embedder import Embedder
from rag.retriever import Retriever
from rag.search import ANY_SERIES, Search
from worker.handler import Unavailable


class Failing:
    """A client that hangs, or fails as the real one does; it counts its calls."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.calls = 0
        self._failure = failure

    async def query_points(self, *_: Any, **__: Any) -> Any:
        self.calls += 1
        if self._failure is None:
            await asyncio.sleep(60)
        else:
            raise self._failure


@pytest.fixture
def _long_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may need more than a second for three searches."""
    monkeypatch.setattr("rag.retriever.AWAY_PAUSE_S", 60.0)


def retriever(client: Failing, timeout_s: float = 0.05) -> Retriever:
    return Retriever(cast(AsyncQdrantClient, client), timeout_s)


async def test_a_slow_answer_is_not_waited_for() -> None:
    client = Failing()
    started = time.monotonic()
    with pytest.raises(Unavailable) as away:
        await retriever(client).near("shop", [1.0], ANY_SERIES, 5)
    assert away.value.dependency == "qdrant"
    assert time.monotonic() - started < 10


@pytest.mark.usefixtures("_long_moment")
async def test_after_a_failure_nobody_asks_for_a_moment() -> None:
    client = Failing(ResponseHandlingException(httpx.ConnectError("refused")))
    searching = retriever(client)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await searching.like("shop", ["berserk"], None, ANY_SERIES, 5)
    assert client.calls == 1


async def test_a_bug_is_no_outage() -> None:
    with pytest.raises(ValueError, match="wrong query"):
        await retriever(Failing(ValueError("wrong query"))).near("shop", [1.0], ANY_SERIES, 5)


@pytest.mark.usefixtures("_long_moment")
async def test_nothing_is_embedded_for_a_qdrant_that_is_away() -> None:
    client = Failing(ResponseHandlingException(httpx.ConnectError("refused")))
    embedded: list[str] = []

    async def embed(text: str) -> list[float]:
        embedded.append(text)
        return [1.0]

    search = Search(cast(Embedder, embed), retriever(client))
    for _ in range(3):
        with pytest.raises(Unavailable):
            await search.near("shop", "like Berserk", ANY_SERIES, 5)
        with pytest.raises(Unavailable):
            await search.like("shop", ["berserk"], "darker", ANY_SERIES, 5)
    assert (len(embedded), client.calls) == (1, 1)

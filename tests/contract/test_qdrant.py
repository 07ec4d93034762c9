"""The small Qdrant server and the client's local mode: one suite, through the real client."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from qdrant_client import AsyncQdrantClient, QdrantClient
from qdrant_client import models as qdrant
from qdrant_client.http.exceptions import UnexpectedResponse

from devkit.qdrant.app import create_app
from playbook.series import Series
from rag.embedder import Embedder
from rag.index.building import Builder, Built
from rag.index.point import SERIES, Entry, point_id, series_entry
from rag.index.shelves import NoIndex, Shelves
from rag.index.versions import current, notes, version_of, versions
from rag.retriever import Retriever
from rag.search import ANY_SERIES, only
from worker.handler import Unavailable

BOOKS = (
    Series(id="calm", title="Calm", themes={"violence": 10, "food": 80}, volumes=3),
    Series(id="grim", title="Grim", themes={"violence": 90, "gods and dragons": 90}, volumes=30),
    Series(id="mild", title="Mild", themes={"violence": 30, "war": 50}, status="finished"),
    Series(id="bare", title="Bare"),
)
ENTRIES = [series_entry(one) for one in BOOKS]
MODEL = "letters"


def vector_of(text: str) -> list[float]:
    """A vector that tells texts apart: how often some letters occur."""
    counts = [1.0 + text.lower().count(letter) for letter in "abcdefgo"]
    length = sum(count * count for count in counts) ** 0.5
    return [count / length for count in counts]


class Letters:
    """Stands for an embedder; it counts how often it was loaded."""

    name = MODEL
    size = 8

    def __init__(self) -> None:
        self.loaded = 0

    async def many(self, texts: Sequence[str]) -> list[list[float]]:
        return [vector_of(text) for text in texts]

    @asynccontextmanager
    async def load(self) -> AsyncIterator[Embedder]:
        self.loaded += 1
        yield self  # type: ignore[misc]  # it has all that a build asks of an embedder


@pytest.fixture(params=["local", "server"])
async def client(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    if request.param == "local":
        local = AsyncQdrantClient(path=str(tmp_path / "local"))
        yield local
        await local.close()
        return
    behind = QdrantClient(path=str(tmp_path / "server"))
    remote = AsyncQdrantClient(
        url="http://qdrant.test:6333",
        transport=httpx.ASGITransport(create_app(behind)),
        check_compatibility=False,
        trust_env=False,
    )
    yield remote
    await remote.close()
    behind.close()


async def built(client: AsyncQdrantClient, entries: Sequence[Entry], letters: Letters) -> Built:
    on_server = "Remote" in type(client._client).__name__
    return await Builder(client, "shop", on_server=on_server).build(entries, MODEL, letters.load)


async def test_a_build_is_live_and_the_same_content_changes_nothing(
    client: AsyncQdrantClient,
) -> None:
    letters = Letters()
    first = await built(client, ENTRIES, letters)
    assert first == Built(f"shop-{version_of(ENTRIES, MODEL)}", 4, fresh=True)
    assert await current(client, "shop") == first.collection
    again = await built(client, ENTRIES, letters)
    assert (again.fresh, letters.loaded) == (False, 1)
    assert (await notes(client, first.collection))["model"] == MODEL


async def test_a_build_cut_short_is_begun_anew(client: AsyncQdrantClient) -> None:
    letters = Letters()
    name = f"shop-{version_of(ENTRIES, MODEL)}"
    await client.create_collection(
        name, vectors_config=qdrant.VectorParams(size=8, distance=qdrant.Distance.DOT)
    )
    await client.upsert(name, [qdrant.PointStruct(id=1, vector=[0.0] * 8, payload={})])
    assert (await built(client, ENTRIES, letters)).fresh
    assert (await client.count(name)).count == 4


async def test_old_versions_go_and_the_one_before_stays(client: AsyncQdrantClient) -> None:
    letters = Letters()
    names = [(await built(client, ENTRIES[:count], letters)).collection for count in (1, 2, 3)]
    assert sorted(await versions(client, "shop")) == sorted(names[1:])
    back = await built(client, ENTRIES[:2], letters)
    assert await current(client, "shop") == back.collection == names[1]
    assert letters.loaded == 3


async def test_workers_see_a_new_version_without_a_restart(client: AsyncQdrantClient) -> None:
    letters = Letters()
    shelves = Shelves(client, "shop", MODEL)
    with pytest.raises(NoIndex, match="tierwise catalogue index"):
        await shelves.refresh()
    await built(client, ENTRIES[:2], letters)
    assert await shelves.refresh()
    assert set(shelves().series) == {"calm", "grim"}
    assert not await shelves.refresh()
    await built(client, ENTRIES, letters)
    assert await shelves.refresh()
    assert {one.id: one for one in BOOKS} == dict(shelves().series)


async def test_an_index_of_another_model_is_refused(client: AsyncQdrantClient) -> None:
    await built(client, ENTRIES, Letters())
    with pytest.raises(NoIndex, match=f"made with the model {MODEL}"):
        await Shelves(client, "shop", "another").refresh()


async def test_finds_by_vector_and_by_condition(client: AsyncQdrantClient) -> None:
    collection = (await built(client, ENTRIES, Letters())).collection
    retriever = Retriever(client, timeout_s=5)
    near = await retriever.near(collection, vector_of(ENTRIES[1].text), ANY_SERIES, 4)
    assert near[0].ref == "grim"
    assert near[0].score == pytest.approx(1, abs=1e-3)
    below = qdrant.FieldCondition(key="violence", range=qdrant.Range(lt=50))
    mild = qdrant.Filter(must=[only(SERIES), below])
    found = await retriever.near(collection, vector_of("war"), mild, 4)
    assert {hit.ref for hit in found} == {"calm", "mild"}


async def test_likeness_leaves_the_examples_out(client: AsyncQdrantClient) -> None:
    collection = (await built(client, ENTRIES, Letters())).collection
    retriever = Retriever(client, timeout_s=5)
    found = await retriever.like(collection, ["grim"], vector_of("war"), ANY_SERIES, 10)
    assert {hit.ref for hit in found} == {"calm", "mild", "bare"}


async def test_points_are_paged_counted_and_removed(client: AsyncQdrantClient) -> None:
    collection = (await built(client, ENTRIES, Letters())).collection
    page, offset = await client.scroll(collection, limit=3)
    rest, end = await client.scroll(collection, limit=3, offset=offset)
    assert (len(page), len(rest), end) == (3, 1, None)
    assert page[0].vector is None
    await client.delete(collection, qdrant.PointIdsList(points=[point_id("series", "bare")]))
    assert (await client.count(collection, count_filter=ANY_SERIES)).count == 3


async def test_what_is_not_there_is_said(client: AsyncQdrantClient) -> None:
    assert not await client.collection_exists("nothing")
    with pytest.raises((UnexpectedResponse, ValueError), match=r"404|not found"):
        await client.get_collection("nothing")


async def test_a_query_of_a_lost_collection_is_unavailable_on_a_server(tmp_path: Path) -> None:
    behind = QdrantClient(path=str(tmp_path / "server"))
    remote = AsyncQdrantClient(
        url="http://qdrant.test:6333",
        transport=httpx.ASGITransport(create_app(behind)),
        check_compatibility=False,
    )
    with pytest.raises(Unavailable):
        await Retriever(remote, timeout_s=5).near("gone", [1.0], ANY_SERIES, 1)
    await remote.close()
    behind.close()


async def test_the_server_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    behind = QdrantClient(path=str(tmp_path / "server"))
    transport = httpx.ASGITransport(create_app(behind))
    async with httpx.AsyncClient(transport=transport, base_url="http://qdrant.test") as http:
        assert (await http.get("/healthz")).is_success
        assert (await http.get("/")).json()["version"]
        assert (await http.post("/collections/x/points/query", content="{")).status_code == 400
        assert (await http.post("/admin/delay", json={"seconds": 900})).status_code == 422
        assert (await http.post("/admin/delay", json={"seconds": 0})).json()["result"] is True
    behind.close()

"""The embedded Qdrant, through the client that a real server would be used with."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

from devkit.settings import inherited_environment


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        "TIERWISE_QDRANT_PORT": str(port),
        "TIERWISE_QDRANT_FOLDER": str(tmp_path_factory.mktemp("qdrant")),
    }
    command = (sys.executable, "-m", "devkit.qdrant")
    with subprocess.Popen(command, env=inherited_environment() | own) as server:
        _until_ready(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def _until_ready(url: str) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the embedded Qdrant did not come up")


@pytest.fixture(params=["server", "local"])
def client(request: pytest.FixtureRequest, url: str) -> Iterator[QdrantClient]:
    """The same calls, against the server and against the local mode that it serves."""
    made = QdrantClient(url=url) if request.param == "server" else QdrantClient(":memory:")
    yield made
    for one in made.get_collections().collections:
        made.delete_collection(one.name)
    made.close()


def point(number: int, vector: list[float], **payload: object) -> models.PointStruct:
    return models.PointStruct(id=number, vector=vector, payload=payload)


def filled(client: QdrantClient, name: str = "shop-1") -> str:
    size = models.VectorParams(size=3, distance=models.Distance.COSINE)
    client.create_collection(name, vectors_config=size)
    points = [
        models.PointStruct(
            id=1, vector=[1.0, 0.0, 0.0], payload={"kind": "series", "violence": 90}
        ),
        models.PointStruct(
            id=2, vector=[0.9, 0.1, 0.0], payload={"kind": "series", "violence": 20}
        ),
        models.PointStruct(id=3, vector=[0.0, 0.0, 1.0], payload={"kind": "policy"}),
    ]
    client.upsert(name, points, wait=True)
    return name


def gentle() -> models.Filter:
    kind = models.FieldCondition(key="kind", match=models.MatchValue(value="series"))
    calm = models.FieldCondition(key="violence", range=models.Range(lt=50))
    return models.Filter(must=[kind, calm])


def test_the_nearest_come_first_with_their_payload(client: QdrantClient) -> None:
    found = client.query_points(filled(client), query=[1.0, 0.0, 0.0], limit=2).points
    assert [(one.id, (one.payload or {})["violence"]) for one in found] == [(1, 90), (2, 20)]
    assert found[0].score == pytest.approx(1.0)


def test_a_filter_leaves_out_what_does_not_fit(client: QdrantClient) -> None:
    name = filled(client)
    found = client.query_points(name, query=[1.0, 0.0, 0.0], query_filter=gentle()).points
    assert [one.id for one in found] == [2]
    assert client.count(name, count_filter=gentle()).count == 1


def test_scrolling_reaches_every_point(client: QdrantClient) -> None:
    name = filled(client)
    first, following = client.scroll(name, limit=2, with_vectors=True)
    rest, end = client.scroll(name, limit=2, offset=following)
    assert [one.id for one in (*first, *rest)] == [1, 2, 3]
    assert (end, first[0].payload) == (None, {"kind": "series", "violence": 90})
    assert [one.id for one in client.retrieve(name, [3])] == [3]


def test_an_alias_moves_to_a_new_collection_at_once(client: QdrantClient) -> None:
    old, new = filled(client, "shop-1"), filled(client, "shop-2")
    client.update_collection_aliases([_alias(old)])
    client.delete(new, models.PointIdsList(points=[3]))
    assert client.count("shop").count == 3
    gone = models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name="shop"))
    client.update_collection_aliases([gone, _alias(new)])
    assert client.count("shop").count == 2
    assert [one.collection_name for one in client.get_aliases().aliases] == [new]
    assert client.collection_exists(old)
    client.delete_collection(old)
    assert not client.collection_exists(old)


def _alias(collection: str) -> models.CreateAliasOperation:
    wanted = models.CreateAlias(collection_name=collection, alias_name="shop")
    return models.CreateAliasOperation(create_alias=wanted)


def test_a_collection_that_is_missing_is_said(url: str) -> None:
    client = QdrantClient(url=url)
    with pytest.raises(UnexpectedResponse, match="404"):
        client.query_points("nowhere", query=[1.0, 0.0, 0.0])
    client.close()


def test_a_body_that_is_none_is_refused(url: str) -> None:
    answer = httpx.post(f"{url}/collections/x/points/query", content=b"{", trust_env=False)
    assert answer.status_code == 400

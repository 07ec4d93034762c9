"""Which calls are served, and what each asks of the local client."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter
from qdrant_client import QdrantClient
from qdrant_client.http import models

Run = Callable[[QdrantClient, str, Any], object]


@dataclass(frozen=True)
class Call:
    """One call of the interface. `model` parses its body, `run` gets the client, a name, a body."""

    method: str
    path: str
    run: Run
    model: Any = None

    def body(self, sent: bytes) -> Any:
        """The parsed body. Raises ValidationError."""
        return TypeAdapter(self.model).validate_json(sent) if self.model else None


class Collections:
    """Runs one call after the other on one local client."""

    def __init__(self, local: QdrantClient) -> None:
        self._local = local
        self._turn = threading.Lock()

    def run(self, call: Call, where: Mapping[str, str], body: Any) -> object:
        """Raises ValueError for a collection that does not exist."""
        with self._turn:
            return call.run(self._local, where.get("name", ""), body)


def _create(local: QdrantClient, name: str, body: models.CreateCollection) -> object:
    return local.create_collection(name, vectors_config=body.vectors)


def _exists(local: QdrantClient, name: str, _: None) -> object:
    return {"exists": local.collection_exists(name)}


def _upsert(local: QdrantClient, name: str, body: models.PointsList | models.PointsBatch) -> object:
    points = body.points if isinstance(body, models.PointsList) else body.batch
    return local.upsert(name, points=points)


def _query(local: QdrantClient, name: str, body: models.QueryRequest) -> object:
    return local.query_points(
        name,
        query=_vector(body.query),
        query_filter=body.filter,
        limit=body.limit or 10,
        offset=body.offset or 0,
        with_payload=True if body.with_payload is None else body.with_payload,
        with_vectors=body.with_vector or False,
        score_threshold=body.score_threshold,
    )


def _vector(query: Any) -> Any:
    return query.nearest if isinstance(query, models.NearestQuery) else query


def _scroll(local: QdrantClient, name: str, body: models.ScrollRequest) -> object:
    points, following = local.scroll(
        name,
        scroll_filter=body.filter,
        limit=body.limit or 10,
        offset=body.offset,
        with_payload=True if body.with_payload is None else body.with_payload,
        with_vectors=body.with_vector or False,
    )
    return models.ScrollResult(points=[_record(one) for one in points], next_page_offset=following)


def _record(point: models.Record) -> models.Record:
    return models.Record.model_validate(point.model_dump())


def _retrieve(local: QdrantClient, name: str, body: models.PointRequest) -> object:
    return local.retrieve(name, ids=body.ids, with_payload=True)


def _count(local: QdrantClient, name: str, body: models.CountRequest) -> object:
    return local.count(name, count_filter=body.filter, exact=True)


def _delete(local: QdrantClient, name: str, body: models.PointsSelector) -> object:
    return local.delete(name, points_selector=body)


def _switch(local: QdrantClient, _: str, body: models.ChangeAliasesOperation) -> object:
    return local.update_collection_aliases(body.actions)


def _described(local: QdrantClient, name: str, _: None) -> BaseModel:
    return local.get_collection(name)


ONE = "/collections/{name}"

CALLS = (
    Call("POST", "/collections/aliases", _switch, models.ChangeAliasesOperation),
    Call("GET", "/aliases", lambda local, _, __: local.get_aliases()),
    Call("GET", "/collections", lambda local, _, __: local.get_collections()),
    Call("GET", f"{ONE}/exists", _exists),
    Call("GET", f"{ONE}/aliases", lambda local, name, _: local.get_collection_aliases(name)),
    Call("PUT", f"{ONE}/points", _upsert, models.PointsList | models.PointsBatch),
    Call("POST", f"{ONE}/points/query", _query, models.QueryRequest),
    Call("POST", f"{ONE}/points/scroll", _scroll, models.ScrollRequest),
    Call("POST", f"{ONE}/points/count", _count, models.CountRequest),
    Call("POST", f"{ONE}/points/delete", _delete, models.PointsSelector),
    Call("POST", f"{ONE}/points", _retrieve, models.PointRequest),
    Call("GET", ONE, _described),
    Call("PUT", ONE, _create, models.CreateCollection),
    Call("DELETE", ONE, lambda local, name, _: local.delete_collection(name)),
)

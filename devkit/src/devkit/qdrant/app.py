"""The server as an ASGI application: each endpoint is one call of local mode."""

import asyncio
import importlib.metadata
from dataclasses import dataclass
from typing import Any

from qdrant_client import QdrantClient
from qdrant_client.http import models
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from devkit.qdrant.answer import Endpoint, Refused, answering, body

COLLECTION = "/collections/{name}"


@dataclass
class Server:
    """Local mode behind its endpoints. Calls run on the event loop, one after the other: local mode
    bears no two at once. `delay_s` holds every answer back, for tests."""

    client: QdrantClient
    delay_s: float = 0.0

    async def root(self, request: Request) -> Response:
        """Who answers."""
        version = importlib.metadata.version("qdrant-client")
        return JSONResponse({"title": "qdrant local mode", "version": version})

    async def healthy(self, request: Request) -> Response:
        """Healthy as long as it answers."""
        return PlainTextResponse("healthz check passed")

    async def delay(self, request: Request) -> Any:
        """Operators only: hold back every later answer for so many seconds."""
        told = await body(request, dict[str, float])
        if not 0 <= told.get("seconds", -1) <= 60:
            raise Refused(422, 'write {"seconds": 5}, from 0 to 60')
        self.delay_s = told["seconds"]
        return True

    async def collections(self, request: Request) -> Any:
        """All collections."""
        return self.client.get_collections()

    async def collection(self, request: Request) -> Any:
        """One collection."""
        return self.client.get_collection(name(request))

    async def exists(self, request: Request) -> Any:
        """Whether a collection, or an alias of one, is there."""
        return {"exists": self.client.collection_exists(name(request))}

    async def create(self, request: Request) -> Any:
        """Make a collection of dense vectors."""
        wanted = await body(request, models.CreateCollection)
        return self.client.create_collection(
            name(request), vectors_config=wanted.vectors, metadata=wanted.metadata
        )

    async def remove(self, request: Request) -> Any:
        """Remove a collection."""
        return self.client.delete_collection(name(request))

    async def index(self, request: Request) -> Any:
        """Local mode searches payloads without an index: agreed, and nothing done."""
        await body(request, models.CreateFieldIndex)
        self.client.get_collection(name(request))
        return models.UpdateResult(operation_id=0, status=models.UpdateStatus.COMPLETED)

    async def upsert(self, request: Request) -> Any:
        """Write points."""
        given = await body(request, models.PointsBatch | models.PointsList)
        points = given.points if isinstance(given, models.PointsList) else given.batch
        return self.client.upsert(name(request), points)

    async def retrieve(self, request: Request) -> Any:
        """Points by their ids."""
        asked = await body(request, models.PointRequest)
        with_payload = True if asked.with_payload is None else asked.with_payload
        vectors = asked.with_vector or False
        return self.client.retrieve(name(request), asked.ids, with_payload, vectors)

    async def delete(self, request: Request) -> Any:
        """Remove points, by their ids or by a filter."""
        selector = await body(request, models.PointIdsList | models.FilterSelector)
        return self.client.delete(name(request), selector)

    async def query(self, request: Request) -> Any:
        """The nearest points."""
        asked = await body(request, models.QueryRequest)
        return self.client.query_points(
            name(request),
            query=asked.query,
            using=asked.using,
            query_filter=asked.filter,
            limit=asked.limit or 10,
            offset=asked.offset,
            with_payload=True if asked.with_payload is None else asked.with_payload,
            with_vectors=asked.with_vector or False,
            score_threshold=asked.score_threshold,
        )

    async def scroll(self, request: Request) -> Any:
        """A page of points."""
        asked = await body(request, models.ScrollRequest)
        points, offset = self.client.scroll(
            name(request),
            scroll_filter=asked.filter,
            limit=asked.limit or 10,
            offset=asked.offset,
            with_payload=True if asked.with_payload is None else asked.with_payload,
            with_vectors=asked.with_vector or False,
        )
        return models.ScrollResult(points=points, next_page_offset=offset)

    async def count(self, request: Request) -> Any:
        """How many points there are."""
        asked = await body(request, models.CountRequest)
        return self.client.count(name(request), count_filter=asked.filter)

    async def aliases(self, request: Request) -> Any:
        """All aliases."""
        return self.client.get_aliases()

    async def aliases_of(self, request: Request) -> Any:
        """The aliases of one collection."""
        return self.client.get_collection_aliases(name(request))

    async def change_aliases(self, request: Request) -> Any:
        """Several changes of aliases at once: all of them, or none."""
        asked = await body(request, models.ChangeAliasesOperation)
        return self.client.update_collection_aliases(asked.actions)


def name(request: Request) -> str:
    """The collection that the path names."""
    return str(request.path_params["name"])


def create_app(client: QdrantClient) -> Starlette:
    """All endpoints, over one client in local mode."""
    server = Server(client)

    def route(path: str, method: str, endpoint: Endpoint) -> Route:
        async def delayed(request: Request) -> Any:
            await asyncio.sleep(server.delay_s)
            return await endpoint(request)

        return Route(path, answering(delayed), methods=[method])

    return Starlette(
        routes=[
            Route("/", server.root),
            *(Route(f"/{check}", server.healthy) for check in ("healthz", "readyz", "livez")),
            Route("/admin/delay", answering(server.delay), methods=["POST"]),
            route("/collections", "GET", server.collections),
            route("/collections/aliases", "POST", server.change_aliases),
            route("/aliases", "GET", server.aliases),
            route(COLLECTION, "GET", server.collection),
            route(COLLECTION, "PUT", server.create),
            route(COLLECTION, "DELETE", server.remove),
            route(f"{COLLECTION}/exists", "GET", server.exists),
            route(f"{COLLECTION}/aliases", "GET", server.aliases_of),
            route(f"{COLLECTION}/index", "PUT", server.index),
            route(f"{COLLECTION}/points", "PUT", server.upsert),
            route(f"{COLLECTION}/points", "POST", server.retrieve),
            route(f"{COLLECTION}/points/delete", "POST", server.delete),
            route(f"{COLLECTION}/points/query", "POST", server.query),
            route(f"{COLLECTION}/points/scroll", "POST", server.scroll),
            route(f"{COLLECTION}/points/count", "POST", server.count),
        ]
    )

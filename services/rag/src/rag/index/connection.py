"""Opens Qdrant: a server by its URL, or the client's local mode in a folder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from qdrant_client import AsyncQdrantClient
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

CONNECTIONS = httpx.Limits(max_connections=32, max_keepalive_connections=16)
REQUEST_TIMEOUT_S = 30
"""The longest that one request takes while an index is built; questions of customers wait less."""

AWAY = (ResponseHandlingException, UnexpectedResponse, httpx.HTTPError, OSError, TimeoutError)
"""What says that a server is away, slow or not itself. Local mode raises none of them."""


def is_url(place: str) -> bool:
    """Whether a setting names a server, and not a folder."""
    return place.startswith(("http://", "https://"))


@asynccontextmanager
async def open_qdrant(place: str, api_key: str | None = None) -> AsyncIterator[AsyncQdrantClient]:
    """A client on a URL or a folder. A server may be away; a folder in use raises RuntimeError."""
    if is_url(place):
        # The client keeps no connection to this machine open unless told to, and asks proxies.
        client = AsyncQdrantClient(
            url=place,
            api_key=api_key,
            timeout=REQUEST_TIMEOUT_S,
            limits=CONNECTIONS,
            trust_env=False,
            check_compatibility=False,
        )
    else:
        client = AsyncQdrantClient(path=place)
    try:
        yield client
    finally:
        await client.close()

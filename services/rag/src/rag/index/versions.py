"""Versions of the index: one collection each, named by its content, behind one alias."""

import hashlib
import json
import re
from collections.abc import Sequence

from qdrant_client import AsyncQdrantClient

from rag.index.point import Entry

FORMAT = 1
"""Raised when points change their shape: the same content then makes another version."""

BUILT_BY = "tierwise catalogue index"


def version_of(entries: Sequence[Entry], model: str) -> str:
    """Twelve hexadecimal digits over everything that goes into an index."""
    digest = hashlib.sha256(f"{FORMAT} {model}".encode())
    for entry in sorted(entries, key=lambda one: (one.kind, one.ref)):
        told = json.dumps([entry.kind, entry.ref, entry.text, entry.payload], sort_keys=True)
        digest.update(told.encode() + b"\n")
    return digest.hexdigest()[:12]


async def current(client: AsyncQdrantClient, alias: str) -> str | None:
    """The collection behind the alias, or None."""
    found = await client.get_aliases()
    names = (one.collection_name for one in found.aliases if one.alias_name == alias)
    return next(names, None)


async def versions(client: AsyncQdrantClient, alias: str) -> list[str]:
    """The collections that are versions of this alias, the current one or not."""
    pattern = re.compile(rf"{re.escape(alias)}-[0-9a-f]{{12}}")
    found = await client.get_collections()
    return [one.name for one in found.collections if pattern.fullmatch(one.name)]


async def notes(client: AsyncQdrantClient, collection: str) -> dict[str, object]:
    """What was noted on a collection when it was made: model, number of entries, time."""
    config = (await client.get_collection(collection)).config
    return dict(config.metadata or {})

"""Builds a version of the index and switches the alias to it: all of it, or nothing."""

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as qdrant

from rag.embedder import Embedder
from rag.index.point import Entry
from rag.index.versions import current, notes, version_of, versions

AT_ONCE = 32
KEPT = 2
"""Versions that stay: the current one, and the one before it, which may still be read."""

Report = Callable[[int, int], None]
"""Told how many of how many entries are in."""

INDEXED = {
    "kind": qdrant.PayloadSchemaType.KEYWORD,
    "status": qdrant.PayloadSchemaType.KEYWORD,
    "demographic": qdrant.PayloadSchemaType.KEYWORD,
    "genres": qdrant.PayloadSchemaType.KEYWORD,
    "themes": qdrant.PayloadSchemaType.KEYWORD,
    "violence": qdrant.PayloadSchemaType.FLOAT,
    "volumes": qdrant.PayloadSchemaType.INTEGER,
    "year": qdrant.PayloadSchemaType.INTEGER,
}


@dataclass(frozen=True)
class Built:
    """What came of it. `fresh` is False where the content was there already."""

    collection: str
    entries: int
    fresh: bool
    removed: tuple[str, ...] = ()


class Builder:
    """Builds behind one alias. `on_server` is False in local mode, which has no payload indexes."""

    def __init__(self, client: AsyncQdrantClient, alias: str, *, on_server: bool) -> None:
        self._client = client
        self._alias = alias
        self._on_server = on_server

    async def build(
        self,
        entries: Sequence[Entry],
        model: str,
        load: Callable[[], AbstractAsyncContextManager[Embedder]],
        report: Report = lambda done, total: None,
    ) -> Built:
        """Make these entries the current version; the same content again changes nothing.

        `load` opens the model, and is called only where there is something to embed. A build that
        was cut short leaves the alias where it was, and is begun anew by the next one. Raises what
        the client raises.
        """
        name = f"{self._alias}-{version_of(entries, model)}"
        before = await current(self._client, self._alias)
        whole = await self._is_whole(name, len(entries))
        if whole and name == before:
            return Built(name, len(entries), fresh=False)
        if not whole:
            async with load() as embedder:
                await self._filled(name, entries, embedder, report)
        await self._switched(name, before)
        return Built(name, len(entries), fresh=True, removed=await self._pruned(name, before))

    async def _is_whole(self, name: str, count: int) -> bool:
        if not await self._client.collection_exists(name):
            return False
        return (await self._client.count(name)).count == count

    async def _filled(
        self, name: str, entries: Sequence[Entry], embedder: Embedder, report: Report
    ) -> None:
        await self._client.delete_collection(name)
        await self._client.create_collection(
            name,
            vectors_config=qdrant.VectorParams(size=embedder.size, distance=qdrant.Distance.DOT),
            metadata={"model": embedder.name, "entries": len(entries), "built_at": time.time()},
        )
        for field, kind in INDEXED.items() if self._on_server else ():
            await self._client.create_payload_index(name, field, kind)
        for start in range(0, len(entries), AT_ONCE):
            some = entries[start : start + AT_ONCE]
            await self._client.upsert(name, await _points(some, embedder.many))
            report(start + len(some), len(entries))
        if not await self._is_whole(name, len(entries)):
            raise RuntimeError(f"{name} does not hold all {len(entries)} entries: build it again")

    async def _switched(self, name: str, before: str | None) -> None:
        """One request: nobody sees the alias missing."""
        away = qdrant.DeleteAliasOperation(delete_alias=qdrant.DeleteAlias(alias_name=self._alias))
        there = qdrant.CreateAliasOperation(
            create_alias=qdrant.CreateAlias(collection_name=name, alias_name=self._alias)
        )
        await self._client.update_collection_aliases([away, there] if before else [there])

    async def _pruned(self, name: str, before: str | None) -> tuple[str, ...]:
        found = {
            one: await notes(self._client, one) for one in await versions(self._client, self._alias)
        }
        kept = {name, before}
        old = [one for one in found if one not in kept]
        old.sort(key=lambda one: str(found[one].get("built_at", "")), reverse=True)
        removed = old[max(KEPT - len(kept - {None}), 0) :]
        for one in removed:
            await self._client.delete_collection(one)
        return tuple(removed)


async def _points(
    entries: Sequence[Entry], embed: Callable[[Sequence[str]], Awaitable[list[list[float]]]]
) -> list[qdrant.PointStruct]:
    vectors = await embed([entry.text for entry in entries])
    return [
        qdrant.PointStruct(id=entry.id, vector=vector, payload=dict(entry.payload))
        for entry, vector in zip(entries, vectors, strict=True)
    ]

"""Keeps the shelf of the current version: read at the start, read anew when the alias moves."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from qdrant_client import AsyncQdrantClient

from rag.index.connection import AWAY
from rag.index.shelf import Shelf, read_shelf
from rag.index.versions import BUILT_BY, current, notes

log = logging.getLogger(__name__)

LOOK_EVERY_S = 3.0
WAIT_S = 2.0


class NoIndex(Exception):
    """There is no index that this worker could read. The message says which command builds it."""


class Shelves:
    """The current shelf of one alias. `model` is what its vectors must have been made with."""

    def __init__(self, client: AsyncQdrantClient, alias: str, model: str) -> None:
        self._client = client
        self._alias = alias
        self._model = model
        self._shelf: Shelf | None = None

    def __call__(self) -> Shelf:
        """The shelf of the newest version that could be read."""
        assert self._shelf is not None, "the shelf is read before the first turn"
        return self._shelf

    async def refresh(self) -> bool:
        """Read the current version if it is not the one at hand; True where it was read.

        Raises NoIndex, and what the client raises.
        """
        collection = await current(self._client, self._alias)
        if collection is None:
            raise NoIndex(f"there is no index {self._alias!r}: build it with `{BUILT_BY}`")
        if self._shelf is not None and self._shelf.collection == collection:
            return False
        await self._check(collection)
        self._shelf = await read_shelf(self._client, collection)
        log.info("%s holds %d series", collection, len(self._shelf.series))
        return True

    async def _check(self, collection: str) -> None:
        model = (await notes(self._client, collection)).get("model")
        if model != self._model:
            raise NoIndex(
                f"{collection} was made with the model {model}, and this worker has {self._model}: "
                f"build it again with `{BUILT_BY}`"
            )

    async def wait(self) -> None:
        """Wait for a first version, saying every two seconds what is missing."""
        while True:
            try:
                await self.refresh()
                return
            except (NoIndex, *AWAY) as missing:
                log.warning("not ready: %s", missing)
                await asyncio.sleep(WAIT_S)

    async def follow(self) -> None:
        """Look every few seconds whether the alias has moved."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.refresh()
            except (NoIndex, *AWAY) as missing:
                log.warning("going on with the index at hand: %s", missing)
            except Exception:
                log.exception("the new index cannot be read; going on with the one at hand")


@asynccontextmanager
async def open_shelves(client: AsyncQdrantClient, alias: str, model: str) -> AsyncIterator[Shelves]:
    """The shelf, kept up to date while the context is open. Enters once a version was read."""
    shelves = Shelves(client, alias, model)
    await shelves.wait()
    following = asyncio.create_task(shelves.follow(), name="shelves")
    try:
        yield shelves
    finally:
        following.cancel()
        await asyncio.wait((following,))

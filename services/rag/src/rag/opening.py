"""Opens everything that the handler works with, in order, and closes it in reverse."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from playbook.renderer import Renderer
from rag.desk import Desk
from rag.embedder import open_embedder
from rag.index.connection import open_qdrant
from rag.index.shelves import open_shelves
from rag.kit import Kit
from rag.repository import open_repository
from rag.retriever import Retriever
from rag.search import Search
from rag.settings import Settings


@asynccontextmanager
async def open_kit(settings: Settings, renderer: Renderer) -> AsyncIterator[Kit]:
    """The kit of one worker. Enters once an index was read; until then the worker is not ready."""
    key = settings.qdrant_api_key
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            open_qdrant(settings.qdrant, key.get_secret_value() if key else None)
        )
        embedder = await stack.enter_async_context(
            open_embedder(settings.embedding_model, settings.torch_threads)
        )
        shelves = await stack.enter_async_context(
            open_shelves(client, settings.collection, embedder.name)
        )
        stock = await stack.enter_async_context(open_repository(settings.postgres))
        retriever = Retriever(client, settings.qdrant_timeout_s)
        yield Kit(Desk(renderer), shelves, stock, Search(embedder, retriever))

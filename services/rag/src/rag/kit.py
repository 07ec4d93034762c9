"""What the handler works with, and what it needs each of them to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from qdrant_client import models as qdrant

from rag.books.stock import Stock
from rag.desk import Desk
from rag.index.shelf import Shelf
from rag.retriever import Hit


class Stocks(Protocol):
    """What is needed of the repository."""

    async def stock_of(self, series_id: str) -> Stock:
        """See `rag.repository.Repository.stock_of`."""
        ...


class Searches(Protocol):
    """What is needed of search."""

    async def near(self, collection: str, text: str, where: qdrant.Filter, limit: int) -> list[Hit]:
        """See `rag.search.Search.near`."""
        ...

    async def like(
        self,
        collection: str,
        series: Sequence[str],
        text: str | None,
        where: qdrant.Filter,
        limit: int,
    ) -> list[Hit]:
        """See `rag.search.Search.like`."""
        ...


@dataclass(frozen=True)
class Kit:
    """The shop's words, the current shelf, the stock, and search by meaning."""

    desk: Desk
    shelf: Callable[[], Shelf]
    stock: Stocks
    search: Searches

"""The reference catalogue as rag sees it, without an index: a shelf, stock in a dict, a search that
ranks by shared words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from qdrant_client import models as qdrant
from suites.people import turn
from suites.reference_shop import shop

from events.context import Context
from events.decision import Decision, Evidence
from events.tier import Tier
from events.turn import Turn
from playbook.catalogue import read_catalogue
from rag.books.stock import Stock
from rag.desk import Desk
from rag.index.point import POLICY, SERIES, policy_entry, series_entry
from rag.index.shelf import Shelf
from rag.kit import Kit
from rag.matching.words import words
from rag.retriever import Hit
from worker.handler import Unavailable

PLAYBOOK = Path(__file__).parents[2] / "playbook"


@cache
def shelf() -> Shelf:
    return Shelf("shop-test", read_catalogue(PLAYBOOK / "catalogue" / "series.jsonl"))


@dataclass
class ListedStock:
    """Stock by series id, as `rag.kit.Stocks` promises; away on demand."""

    found: Mapping[str, Stock] = field(default_factory=dict)
    away: bool = False

    async def stock_of(self, series_id: str) -> Stock:
        if self.away:
            raise Unavailable("postgres")
        return self.found.get(series_id, Stock())


@dataclass
class WordSearch:
    """Points ranked by the share of the text's words they hold, as `rag.kit.Searches` promises.

    It keeps the filters that it was asked with, and applies none but the kind.
    """

    away: bool = False
    asked: list[qdrant.Filter] = field(default_factory=list)

    async def near(self, collection: str, text: str, where: qdrant.Filter, limit: int) -> list[Hit]:
        if self.away:
            raise Unavailable("qdrant")
        self.asked.append(where)
        said = {word.text for word in words(text)}
        ranked = sorted(self._hits(where, said), key=lambda hit: -hit.score)
        return ranked[:limit]

    async def like(
        self,
        collection: str,
        series: Sequence[str],
        text: str | None,
        where: qdrant.Filter,
        limit: int,
    ) -> list[Hit]:
        told = " ".join(series_entry(shelf().series[one]).text for one in series)
        hits = await self.near(collection, told, where, limit + len(series))
        return [hit for hit in hits if hit.ref not in series][:limit]

    def _hits(self, where: qdrant.Filter, said: set[str]) -> list[Hit]:
        kind = SERIES if SERIES in where.model_dump_json() else POLICY
        entries = [series_entry(one) for one in shelf().series.values()]
        if kind == POLICY:
            entries = [policy_entry(one) for one in shop().policies.values()]
        return [
            Hit(kind, entry.ref, _share(said, entry.text), dict(entry.payload)) for entry in entries
        ]


def _share(said: set[str], text: str) -> float:
    held = {word.text for word in words(text)}
    return len(said & held) / max(len(said), 1)


def kit(stock: ListedStock | None = None, search: WordSearch | None = None) -> Kit:
    return Kit(Desk(shop().renderer), shelf, stock or ListedStock(), search or WordSearch())


def asked(
    text: str,
    use_case: str = "product_info",
    *,
    tier: Tier = Tier.RAG,
    context: Context | None = None,
    slots: dict[str, str] | None = None,
    by: Evidence = Evidence.RULE,
) -> Turn:
    """A turn as it reaches rag."""
    decision = Decision(
        by=by,
        use_case=use_case,
        tier=tier,
        why="a test says so",
        expected_cost_usd=0.012,
        playbook_version="test",
        slots=slots or {},
    )
    return turn(text, decision=decision, path=(Tier.RAG,), context=context or Context())

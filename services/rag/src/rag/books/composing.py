"""Questions that no field answers: evidence for a model, and the facts to fall back on."""

from collections.abc import Sequence

from events.reply import Reply
from events.route import Finding
from events.task import Task
from events.turn import Turn
from playbook.series import Series
from rag.books.question import Field
from rag.books.telling import PRICED, remembered, stock_of
from rag.evidence import policy_finding, series_finding, stock_finding
from rag.kit import Kit
from rag.reply import routed, sources_of
from rag.search import POLICIES
from worker.handler import Outcome, Unavailable

POLICY_LIKE = 0.35
"""From this likeness on a policy is evidence."""

MOST_POLICIES = 2


async def composed(
    turn: Turn,
    series: tuple[Series, ...],
    volumes: tuple[int, ...],
    fields: Sequence[Field],
    kit: Kit,
) -> Outcome:
    """On to the small model with all that is known; without Qdrant, the facts themselves."""
    first, volume = series[0], volumes[0] if volumes else None
    stock = await stock_of(first, kit)
    findings = [series_finding(one) for one in series]
    if stock is not None and not PRICED.isdisjoint(fields):
        findings.append(stock_finding(first, stock, volume))
    leaves = remembered(turn, first, volume, fields)
    text = kit.desk.about(first, volume, stock)
    has_prices = stock is not None and bool(stock.copies)
    sources = sources_of((first,), stock=has_prices)

    def plain(*marks: str) -> Reply:
        return turn.reply(text, sources=sources, leaves=leaves, degraded=marks)

    marks = () if stock is not None else ("stock",)
    try:
        policies = await near_policies(turn.text, kit)
    except Unavailable as away:
        return plain(*marks, away.dependency)
    return routed(turn, Task.COMPOSE, (*findings, *policies), plain(*marks))


async def near_policies(text: str, kit: Kit) -> list[Finding]:
    """The policies that a text may ask for. Raises Unavailable."""
    hits = await kit.search.near(kit.shelf().collection, text, POLICIES, MOST_POLICIES)
    return [policy_finding(hit) for hit in hits if hit.score >= POLICY_LIKE]

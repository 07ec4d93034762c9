"""Answers from catalogue, stock and index, or hands on what it found as evidence."""

from events.tier import Tier
from events.turn import Turn
from rag.books.product import about_book
from rag.kit import Kit
from rag.matching.words import clipped
from rag.openly import answered_openly
from rag.suggesting.suggestion import suggested
from worker.handler import Outcome, Rejected

RECOMMENDATION = "recommendation"


async def handle(turn: Turn, *, kit: Kit) -> Outcome:
    """The outcome of a turn: suggestions, evidence for an unsure turn, or facts of a book.

    Raises Rejected for a turn without a decision; Unavailable where Qdrant is away and the
    catalogue in memory cannot answer alone.
    """
    # A route goes on with the turn as it came: only the search here is bounded.
    turn = turn.model_copy(update={"text": clipped(turn.text)})
    if turn.decision is None:
        raise Rejected("invalid_event", "a routed turn carries a decision; this one has none")
    if turn.decision.use_case == RECOMMENDATION:
        return await suggested(turn, kit)
    if turn.decision.tier is Tier.LLM:
        return await answered_openly(turn, kit)
    return await about_book(turn, kit)

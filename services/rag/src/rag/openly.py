"""Turns that no use case surely fits: the nearest evidence, for the large model to answer from."""

from events.reply import Reply
from events.route import Finding
from events.task import Task
from events.turn import Turn
from rag.evidence import policy_finding, series_finding
from rag.kit import Kit
from rag.reply import left, routed
from rag.search import ANY_SERIES, POLICIES
from worker.handler import Outcome

MOST_POLICIES, MOST_SERIES = 3, 2
POLICY_LIKE, SERIES_LIKE = 0.25, 0.4
"""From these likenesses on a policy, or a series that is not named, is evidence."""


async def answered_openly(turn: Turn, kit: Kit) -> Outcome:
    """On to the large model with the nearest policies and series. Raises Unavailable."""
    fallback = turn.fallback or _abstaining(turn, kit)
    return routed(turn, Task.ANSWER, await _nearest(turn.text, kit), fallback)


async def _nearest(text: str, kit: Kit) -> list[Finding]:
    shelf = kit.shelf()
    policies = await kit.search.near(shelf.collection, text, POLICIES, MOST_POLICIES)
    found = [policy_finding(hit) for hit in policies if hit.score >= POLICY_LIKE]
    named = [one.one for one in shelf.find(text) if one.one]
    if named:
        return [*(series_finding(shelf.series[one]) for one in dict.fromkeys(named)), *found]
    series = await kit.search.near(shelf.collection, text, ANY_SERIES, MOST_SERIES)
    near = [hit for hit in series if hit.score >= SERIES_LIKE and hit.ref in shelf.series]
    return [*found, *(series_finding(shelf.series[hit.ref], hit.score) for hit in near)]


def _abstaining(turn: Turn, kit: Kit) -> Reply:
    return turn.reply(kit.desk.abstain(), leaves=left(turn, {}))

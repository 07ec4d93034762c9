"""Answers a turn with a model, where the route asks for one and one is to be had."""

from typing import Protocol

from events.reply import Reply
from events.task import Task
from events.turn import Turn
from worker.handler import Outcome, Rejected


class Replies(Protocol):
    """What the handler needs of the desk."""

    async def reply(self, turn: Turn, task: Task, plain: Reply) -> Reply:
        """See `llm.desk.Desk.reply`."""
        ...


async def handle(turn: Turn, *, desk: Replies) -> Outcome:
    """The model's answer, guarded and settled; or the route's fallback, marked with why.

    Raises Rejected for a turn without a task or a fallback, Unavailable when Postgres is away:
    without a claim no model is called.
    """
    if turn.task is None or turn.fallback is None:
        raise Rejected("invalid_event", "a turn for a model names its task and brings a fallback")
    return await desk.reply(turn, turn.task, turn.fallback)

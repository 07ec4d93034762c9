"""Asks the running system one turn at a time, each in a session of its own unless told."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from suites.whole_system import System

from bus.kafka import KafkaBus
from devkit.conversation import Answer, Conversation, conversing
from devkit.frontend import Frontend
from events.reply import Reply


@dataclass
class Asker:
    """A frontend in a test's hands."""

    talk: Conversation
    turns: dict[str, int] = field(default_factory=dict)

    async def ask(
        self, text: str, *, customer: str | None = None, session: str | None = None
    ) -> Reply:
        """The reply to a turn."""
        return (await self.answer(text, customer=customer, session=session)).reply

    async def answer(
        self, text: str, *, customer: str | None = None, session: str | None = None
    ) -> Answer:
        """The reply to a turn with all that was seen on the way."""
        session = session or f"e2e-{uuid.uuid4().hex}"
        number = self.turns[session] = self.turns.get(session, 0) + 1
        said = self.talk.frontend.said(
            session, f"{session}-{number}", text, turn_no=number, customer_id=customer
        )
        return await self.talk.say(said)


@asynccontextmanager
async def asking(system: System) -> AsyncIterator[Asker]:
    """An asker that reads from now on."""
    frontend = Frontend.load(system.stack.project, "demo")
    async with conversing(KafkaBus(system.stack.bootstrap), frontend) as talk:
        yield Asker(talk)

"""Claims in memory, as `llm.money.claims.Rows` promises, and a scripted provider."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from uuid import UUID

from events.reply import Reply
from events.turn import Turn
from llm.models.provider import Delta, Event, Opened, Request, Whole
from llm.models.quota import Need
from llm.money.call import Bill, Call, Ending
from llm.money.repository import Found, Took
from llm.money.tokens import Tokens
from worker.handler import Unavailable

Place = tuple[str, str]
MOST_EPOCHS = 3
USED = Tokens(100, 50, 0, 0)


@dataclass
class Held:
    """One claim."""

    epoch: int
    owner: UUID
    state: str = "running"
    reply: Reply | None = None


@dataclass
class ListedClaims:
    """`away` says that Postgres is; `over` that every session has reached its cap; `dead` names
    owners whose lease has run out, `answered` turns whose row holds a reply."""

    claims: dict[Place, Held] = field(default_factory=dict)
    calls: dict[str, Bill | None] = field(default_factory=dict)
    dead: set[UUID] = field(default_factory=set)
    answered: set[Place] = field(default_factory=set)
    away: bool = False
    over: bool = False

    async def take(self, turn: Turn, owner: UUID, call: Call) -> Took:
        self._reach()
        held = self.claims.get(_place(turn))
        if held and held.state == "settled":
            return Took("settled", held.epoch, held.reply)
        if _place(turn) in self.answered:
            return Took("answered", held.epoch if held else 0, None)
        if held and held.state == "running" and held.owner not in {owner, *self.dead}:
            return Took("busy", held.epoch, None)
        if held and held.epoch >= MOST_EPOCHS:
            held.state = "failed"
            return Took("exhausted", held.epoch, None)
        epoch = held.epoch + 1 if held else 1
        self.claims[_place(turn)] = Held(epoch, owner, "failed" if self.over else "running")
        return Took(self._reserved(call), epoch, None)

    async def add(self, turn: Turn, epoch: int, call: Call) -> str:
        self._reach()
        held = self.claims[_place(turn)]
        if (held.epoch, held.state) != (epoch, "running"):
            return "superseded"
        return self._reserved(call)

    async def look(self, turn: Turn) -> Found | None:
        self._reach()
        held = self.claims.get(_place(turn))
        if held is None:
            return None
        lapsed = held.state == "running" and held.owner in self.dead
        return Found("lapsed" if lapsed else held.state, held.reply, held.owner)

    async def end_call(self, session_id: str, call_id: str, bill: Bill) -> bool:
        self._reach()
        new = self.calls[call_id] is None
        self.calls[call_id] = self.calls[call_id] or bill
        return new

    async def end(self, ending: Ending) -> bool:
        self._reach()
        await self.end_call(ending.session_id, ending.call_id, ending.bill)
        held = self.claims[ending.session_id, ending.turn_id]
        if (held.epoch, held.state) != (ending.epoch, "running"):
            return False
        held.state, held.reply = "settled" if ending.reply else "failed", ending.reply
        return True

    def bills(self) -> list[tuple[str, str | None]]:
        """State and reason of every call's bill, in the order in which they were reserved."""
        return [
            (bill.state, bill.why) if bill else ("started", None) for bill in self.calls.values()
        ]

    def _reserved(self, call: Call) -> str:
        if self.over:
            return "over"
        self.calls[call.call_id] = None
        return "taken"

    def _reach(self) -> None:
        if self.away:
            raise Unavailable("postgres")


def _place(turn: Turn) -> Place:
    return turn.session_id, turn.turn_id


@dataclass
class Scripted:
    """A provider that plays one script a call, the last one again and again.

    A script's words are streamed, an exception is raised, a number is a pause in seconds.
    """

    scripts: list[list[str | float | Exception]]
    stop_reason: str = "end_turn"
    asked: list[Request] = field(default_factory=list)

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        script = self.scripts[min(len(self.asked), len(self.scripts) - 1)]
        self.asked.append(request)
        opened = False
        for part in script:
            if isinstance(part, Exception):
                raise part
            if not isinstance(part, str):
                await asyncio.sleep(part)
                continue
            if not opened:
                opened = True
                yield Opened("msg_1", request.spec.api_name, Need(None, None, None))
            yield Delta(part)
        yield Whole(self.stop_reason, USED)


def says(*words: str) -> Scripted:
    """A provider that answers every call with these words."""
    return Scripted([list(words)])

"""Who answers a turn: one owner at a time, told apart by epochs, never paid for twice.

Before money is spent a claim is taken and the call's greatest cost is reserved; afterwards the
claim is settled with the reply, which is published only then. See docs/adr/0013.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from events.reply import Reply
from events.turn import Turn
from llm.measure import claimed
from llm.models.failure import Closed
from llm.money.call import Bill, Call, Ending
from llm.money.chores import Chores
from llm.money.repository import Found, Took
from worker.handler import Unavailable

log = logging.getLogger(__name__)

POLL_S = 0.2
BUDGET = "budget"
SUPERSEDED = "claim"


class Rows(Protocol):
    """What claims need of the repository."""

    async def take(self, turn: Turn, owner: UUID, call: Call) -> Took:
        """See `llm.money.repository.Repository.take`."""
        ...

    async def add(self, turn: Turn, epoch: int, call: Call) -> str:
        """See `llm.money.repository.Repository.add`."""
        ...

    async def look(self, turn: Turn) -> Found | None:
        """See `llm.money.repository.Repository.look`."""
        ...

    async def end_call(self, session_id: str, call_id: str, bill: Bill) -> bool:
        """See `llm.money.repository.Repository.end_call`."""
        ...

    async def end(self, ending: Ending) -> bool:
        """See `llm.money.repository.Repository.end`."""
        ...


@dataclass(frozen=True)
class Claim:
    """A turn that is ours, in its epoch. `call` is the newest one reserved."""

    turn: Turn
    epoch: int
    call: Call

    def ending(self, bill: Bill, reply: Reply | None = None) -> Ending:
        """How it ends."""
        place = (self.turn.session_id, self.turn.turn_id, self.epoch, self.call.call_id)
        return Ending(*place, bill, reply)


class Claims:
    """The claims of one worker."""

    def __init__(self, rows: Rows, owner: UUID, chores: Chores) -> None:
        self._rows = rows
        self._owner = owner
        self._chores = chores
        self._unsettled: dict[tuple[str, str], Reply] = {}
        """Replies that went out while Postgres was away, by turn, until they are settled."""

    async def take(self, turn: Turn, call: Call) -> Claim | Reply | None:
        """A claim with its call reserved; the reply of a settled one, or of one that this worker
        has yet to settle; None while another works.

        Raises Closed when the session's cap is reached, when the turn has a reply already, or when
        it was tried often enough; Unavailable when Postgres is away.
        """
        if unsettled := self._unsettled.get(_key(turn)):
            claimed("unsettled", unsettled.epoch)
            return unsettled
        took = await self._rows.take(turn, self._owner, call)
        claimed(took.outcome, took.epoch)
        match took.outcome:
            case "taken":
                return Claim(turn, took.epoch, call)
            case "settled":
                return took.reply
            case "busy":
                return None
        raise Closed(BUDGET if took.outcome == "over" else SUPERSEDED)

    async def again(self, claim: Claim, failed: Bill, call: Call) -> Claim:
        """The claim with a further call, after one that failed.

        Raises Closed: the cap is reached, or a later owner has the claim. Raises Unavailable.
        """
        turn = claim.turn
        await self._rows.end_call(turn.session_id, claim.call.call_id, failed)
        outcome = await self._rows.add(turn, claim.epoch, call)
        if outcome != "taken":
            raise Closed(BUDGET if outcome == "over" else SUPERSEDED)
        return Claim(turn, claim.epoch, call)

    async def stored(self, turn: Turn) -> Reply | None:
        """The reply of a settled claim, if there is one and Postgres answers; or one that this
        worker has yet to settle."""
        if unsettled := self._unsettled.get(_key(turn)):
            return unsettled
        try:
            found = await self._rows.look(turn)
        except Unavailable:
            return None
        return found.reply if found else None

    async def told(self, turn: Turn) -> Reply | None:
        """`stored`, once no other owner works on it. Bounded by the turn's deadline."""
        if unsettled := self._unsettled.get(_key(turn)):
            return unsettled
        try:
            return await self.released(turn)
        except Unavailable:
            return None

    async def released(self, turn: Turn) -> Reply | None:
        """Wait while another owner works on it; the reply if that one settled it. Bounded by the
        turn's deadline. Raises Unavailable."""
        while True:
            found = await self._rows.look(turn)
            if found is None or found.state != "running" or found.owner == self._owner:
                return found.reply if found else None
            await asyncio.sleep(POLL_S)

    async def settle(self, claim: Claim, bill: Bill, reply: Reply) -> Reply | None:
        """The reply that stands: this one, or that of the owner who took the claim over; None
        where that one failed.

        With Postgres away the whole answer is not thrown away: it goes out marked, and is settled
        as soon as Postgres is back.
        """
        ending = claim.ending(bill, reply)
        try:
            won = await self._rows.end(ending)
        except Unavailable as away:
            log.warning("turn %s is settled later: %s", claim.turn.turn_id, away)
            told = reply.model_copy(update={"degraded": (*reply.degraded, away.dependency)})
            self._unsettled[_key(claim.turn)] = told
            self._chores.begin(lambda: self._settled(claim.turn, ending))
            return told
        if won:
            return reply
        claimed("superseded", claim.epoch)
        return await self.released(claim.turn)

    async def fail(self, claim: Claim, bill: Bill) -> None:
        """Give the claim up: the fallback goes out. Books are written later if they must be."""
        ending = claim.ending(bill)
        try:
            await self._rows.end(ending)
        except Unavailable:
            self._chores.begin(lambda: self._rows.end(ending))

    def abandon(self, claim: Claim, bill: Bill) -> None:
        """Give the claim up without waiting: the turn is not ours any more, or its time is over.

        The next owner need not wait for our lease.
        """
        ending = claim.ending(bill)
        self._chores.begin(lambda: self._rows.end(ending))

    async def _settled(self, turn: Turn, ending: Ending) -> None:
        await self._rows.end(ending)
        self._unsettled.pop(_key(turn), None)


def _key(turn: Turn) -> tuple[str, str]:
    return turn.session_id, turn.turn_id

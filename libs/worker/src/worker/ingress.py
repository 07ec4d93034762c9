"""The door: from a record on `chat.ingress` to a turn that may be decided.

Checked in this order: partition, decoding, envelope, length, the turn's row. What does not pass
is one of the arrivals below; `worker.step` gives each its consequence.
"""

import asyncio
import logging
import re
from dataclasses import dataclass

from bus.record import Record
from events.envelope import BadEnvelope, KeyOf, admit
from events.mask import mask_cards
from events.partition import partition_of
from events.reply import Reply
from events.turn import MAX_TEXT_CHARACTERS, Said, Turn
from events.wire import decode_keyed
from worker.handler import Unavailable
from worker.row import Opening, Rows, stored_route, text_hash
from worker.throttle import Throttle

log = logging.getLogger(__name__)

PREDECESSOR_WAIT_S = 2.0
FIRST_LOOK_S = 0.004
LONGEST_LOOK_S = 0.1

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Fresh:
    """A turn to be handled. `stamp_ms` is the broker's stamp of the record that brought it."""

    turn: Turn
    stamp_ms: int


@dataclass(frozen=True)
class Stored:
    """A redelivered turn: publish what its row holds once more."""

    what: Turn | Reply


@dataclass(frozen=True)
class Refused:
    """Decodable, but not to be answered: a `refused` reply, and a dead letter if `letter`.

    `vouched` says that the envelope is sound: only then may the turn take its id and its number in
    the session, or anyone could take them.
    """

    turn: Turn
    reason: str
    detail: str
    vouched: bool
    letter: bool = True


@dataclass(frozen=True)
class Conflict:
    """Another text under a turn id that is taken: the first wins, this one is dead-lettered."""

    detail: str


@dataclass(frozen=True)
class Astray:
    """The record stands in a partition its key does not belong to."""


@dataclass(frozen=True)
class Broken:
    """A decoded turn that the door itself failed on. `vouched` as for a refusal."""

    turn: Turn
    bug: Exception
    vouched: bool


Arrival = Fresh | Stored | Refused | Conflict | Astray | Broken


def cleaned(text: str) -> str:
    """The text as it may go on: card numbers masked, control characters made spaces."""
    return mask_cards(CONTROLS.sub(" ", text))


class Ingress:
    """The classifier's intake."""

    def __init__(self, rows: Rows, key_of: KeyOf, throttle: Throttle, partitions: int) -> None:
        self._rows = rows
        self._key_of = key_of
        self._throttle = throttle
        self._partitions = partitions

    async def __call__(self, record: Record) -> Arrival:
        """What has arrived. Raises Undecodable."""
        if record.key and partition_of(record.key, self._partitions) != record.partition:
            return Astray()
        said = decode_keyed(Said, record.key, record.value, record.headers)
        turn = Turn(**dict(said), asked_at=record.timestamp_ms)
        masked = turn.model_copy(update={"text": cleaned(said.text[:MAX_TEXT_CHARACTERS])})
        # A refusal waits for nobody: the turn before may be answered after it.
        unordered = masked.model_copy(update={"gap": True})
        try:
            frontend = admit(turn, self._key_of, asked_at=turn.asked_at).frontend
        except BadEnvelope as bad:
            return Refused(unordered, bad.reason, str(bad), vouched=False)
        except Exception as bug:
            return Broken(unordered, bug, vouched=False)
        if (length := len(turn.text)) > MAX_TEXT_CHARACTERS:
            detail = f"{length} characters, at most {MAX_TEXT_CHARACTERS}"
            return Refused(unordered, "too_long", detail, vouched=True)
        try:
            return await self._opened(masked, frontend)
        except Exception as bug:
            return Broken(unordered, bug, vouched=True)

    async def _opened(self, turn: Turn, frontend: str) -> Arrival:
        try:
            opening = await self._rows.open(turn)
            if opening.own:
                return _again(turn, opening)
            if not self._throttle.take(frontend):
                return _throttled(turn.model_copy(update={"gap": True}), frontend)
            return Fresh(await self._in_order(turn, opening), turn.asked_at)
        except Unavailable as away:
            log.warning("going on without context: %s", away)
            degraded = turn.model_copy(update={"degraded": ("context",), "gap": True})
            return Fresh(degraded, turn.asked_at)

    async def _in_order(self, turn: Turn, opening: Opening) -> Turn:
        """The turn with its number and context, once its predecessor's reply is out."""
        late = opening.passed(turn.turn_no)
        opening, waited_out = await self._awaited(turn, opening) if not late else (opening, True)
        return turn.model_copy(
            update={
                "turn_no": turn.turn_no or opening.newest_no + 1,
                "context": opening.context,
                "gap": waited_out or opening.overtakes(turn.turn_no),
            }
        )

    async def _awaited(self, turn: Turn, opening: Opening) -> tuple[Opening, bool]:
        """Look again until the predecessor is published; True when two seconds were not enough."""
        pause, left = FIRST_LOOK_S, PREDECESSOR_WAIT_S
        while not opening.ready_for(turn.turn_no):
            if left <= 0:
                return opening, True
            await asyncio.sleep(min(pause, left))
            left -= pause
            pause = min(pause * 2, LONGEST_LOOK_S)
            opening = await self._rows.open(turn)
        return opening, False


def _throttled(turn: Turn, frontend: str) -> Refused:
    detail = f"{frontend} sends more turns a second than it is registered for"
    return Refused(turn, "throttled", detail, vouched=True, letter=False)


def _again(turn: Turn, opening: Opening) -> Arrival:
    own = opening.own
    assert own is not None
    if own.text_sha256 != text_hash(turn.text):
        return Conflict(f"turn {turn.turn_id} of this session was asked before with another text")
    if own.reply is not None:
        return Stored(Reply.model_validate_json(own.reply))
    return Stored(stored_route(turn, own.decision or "{}"))

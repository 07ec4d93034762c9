"""Turns, keys and rows for tests."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bus.record import Record
from events import topics
from events.decision import Decision, Evidence
from events.envelope import sign
from events.partition import partition_of
from events.reply import Reply, Status
from events.route import Route
from events.tier import Tier
from events.turn import Said, Turn
from events.wire import Message, encode
from worker.handler import Unavailable
from worker.row import Opening, Row, State, stored_form, text_hash

KEY = Ed25519PrivateKey.generate()
FRONTEND = "web"
PARTITIONS = 12


def key_of(name: str) -> Ed25519PublicKey | None:
    return KEY.public_key() if name == FRONTEND else None


def said(
    text: str = "hello",
    *,
    session: str = "s-1",
    turn_id: str | None = None,
    no: int | None = None,
    customer: str | None = None,
) -> Said:
    turn_id = turn_id or uuid.uuid4().hex
    envelope = sign(
        KEY,
        FRONTEND,
        session_id=session,
        turn_id=turn_id,
        text=text,
        issued_at=int(time.time()),
        customer_id=customer,
    )
    return Said(session_id=session, turn_id=turn_id, turn_no=no, text=text, envelope=envelope)


def turn(text: str = "hello", *, session: str = "s-1", no: int | None = 1, **more: object) -> Turn:
    spoken = said(text, session=session, no=no)
    return Turn(**dict(spoken), asked_at=int(time.time() * 1000)).model_copy(update=more)


def decision(tier: Tier = Tier.TEMPLATE) -> Decision:
    return Decision(
        by=Evidence.RULE,
        use_case="chitchat",
        tier=tier,
        why="a test says so",
        expected_cost_usd=0.001,
        playbook_version="test",
    )


def route(asked: Turn, tier: Tier = Tier.TEMPLATE) -> Route:
    sorry = asked.reply("not now", status=Status.FAILED, reason="unavailable")
    return Route(tier=tier, decision=decision(tier), fallback=sorry)


def routed(text: str = "hello", tier: Tier = Tier.TEMPLATE, **more: object) -> Turn:
    asked = turn(text, **more)  # type: ignore[arg-type]  # keyword arguments are passed through
    return asked.routed(route(asked, tier))


def record(message: Message, topic: str = topics.INGRESS, offset: int = 0) -> Record:
    number = partition_of(message.key, PARTITIONS)
    now = int(time.time() * 1000)
    return Record(topic, number, offset, now, message.key, message.value, dict(message.headers))


def arriving(event: Said | Turn, topic: str = topics.INGRESS, offset: int = 0) -> Record:
    return record(encode(event, "test"), topic, offset)


@dataclass
class ListedRows:
    """Turn rows in a list: what `worker.row.Rows` promises, for tests of the runtime alone."""

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    away: bool = False

    def _reach(self) -> None:
        if self.away:
            raise Unavailable("postgres")

    async def open(self, said: Said) -> Opening:
        self._reach()
        mine = [row for (session, _), row in self.rows.items() if session == said.session_id]
        own = next((row for row in mine if row.turn_id == said.turn_id), None)
        others = [row for row in mine if row.turn_id != said.turn_id]
        others.sort(key=lambda row: -row.turn_no)
        left = next((row.context for row in others if row.context is not None), None)
        return Opening(own, others, left)

    async def decide(self, turn: Turn) -> bool:
        self._reach()
        key = (turn.session_id, turn.turn_id)
        if key in self.rows:
            return False
        digest, body = text_hash(turn.text), stored_form(turn)
        self.rows[key] = Row(turn.turn_id, turn.turn_no or 0, State.ROUTED, digest, body)
        return True

    async def finish(self, turn: Turn, reply: Reply) -> Reply:
        self._reach()
        key = (turn.session_id, turn.turn_id)
        row = self.rows.get(key)
        if row and row.reply is not None:
            return Reply.model_validate_json(row.reply)
        blank = Row(turn.turn_id, turn.turn_no or 0, State.ROUTED, text_hash(turn.text))
        context = reply.leaves.model_dump_json() if reply.leaves else None
        body = reply.public().model_dump_json()
        if context and not (row or blank).turn_no:
            newest = max(
                (one.turn_no for (s, _), one in self.rows.items() if s == key[0]), default=0
            )
            row = replace(row or blank, turn_no=newest + 1)
        self.rows[key] = replace(row or blank, state=State.ANSWERED, reply=body, context=context)
        return reply

    async def published(self, turns: Sequence[tuple[str, str]]) -> None:
        self._reach()
        for key in turns:
            self.rows[key] = replace(self.rows[key], state=State.PUBLISHED)

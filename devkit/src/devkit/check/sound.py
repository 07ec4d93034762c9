"""A made-up run whose books balance: ground for planted errors, where no stack runs.

It holds what a real run holds: a turn sent twice after an unsure send, a raw duplicate of a reply,
a poisoned record, a refused turn, a conflict, a fault with a slow second after it.
"""

import random
from collections import Counter

from devkit.check.account import (
    Acked,
    Dead,
    Effect,
    Entry,
    Expected,
    Injected,
    Poisoned,
    Sample,
    Seen,
    Sending,
    Unsure,
)
from devkit.check.books import GROUPS
from devkit.check.letters import CONFLICT
from devkit.check.papers import Papers
from events.partition import partition_of
from events.reply import Reply, Status
from events.tier import Tier
from events.topics import INGRESS

PARTITIONS = 4
EVERY_MS = 20
NORMAL_MS = 12
SLOW_MS = 900
POISON_SESSION = "sound-poison"


class Maker:
    """Writes a run turn by turn, with one broker's offsets and one clock."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = 1_000_000
        self.sends = 0
        self.offsets: Counter[tuple[str, int]] = Counter()
        self.history: list[Entry] = []
        self.egress: list[Seen] = []
        self.effects: list[Effect] = []
        self.dead: list[Dead] = []

    def offset(self, topic: str, partition: int) -> int:
        """The next offset of a partition; gaps are normal."""
        self.offsets[topic, partition] += self.random.choice((1, 1, 2))
        return self.offsets[topic, partition]

    def send(self, session: str, number: int, text: str, expected: Expected) -> Sending:
        """Write that a turn is sent."""
        self.sends += 1
        turn = f"{session}-{number}"
        sending = Sending(
            send=self.sends,
            session_id=session,
            turn_id=turn,
            turn_no=number,
            text=text,
            at_ms=self.now,
            expected=expected,
        )
        self.history.append(sending)
        return sending

    def ack(self, sending: Sending) -> Acked:
        """Write that the broker stored it."""
        partition = partition_of(sending.session_id.encode(), PARTITIONS)
        offset = self.offset(INGRESS, partition)
        acked = Acked(send=sending.send, partition=partition, offset=offset, at_ms=self.now + 1)
        self.history.append(acked)
        return acked

    def answer(self, sending: Sending, after_ms: int) -> Seen:
        """Write that it was answered as expected, with its effect."""
        expected = sending.expected
        reply = Reply(
            session_id=sending.session_id,
            turn_id=sending.turn_id,
            turn_no=sending.turn_no,
            status=expected.status or Status.COMPLETED,
            text=f"Order {expected.mentions} is on its way.",
            use_case=expected.use_case,
            tier=expected.tier,
            asked_at=sending.at_ms,
            reason=expected.reason,
        )
        seen = self.see(reply, sending.at_ms + after_ms)
        if expected.tier is Tier.ORDER:
            effect = Effect(session_id=sending.session_id, turn_id=sending.turn_id)
            self.effects.append(effect)
        return seen

    def see(self, reply: Reply, at_ms: int) -> Seen:
        """Put a reply on `chat.egress`."""
        partition = partition_of(reply.session_id.encode(), PARTITIONS)
        offset = self.offset("egress", partition)
        seen = Seen(partition=partition, offset=offset, timestamp_ms=at_ms, reply=reply)
        self.egress.append(seen)
        return seen


def _turn(maker: Maker, session: str, number: int, after_ms: int) -> None:
    asks = maker.random.random() < 0.5
    expected = Expected(
        use_case="order_tracking" if asks else "chitchat",
        tier=Tier.ORDER if asks else Tier.TEMPLATE,
        mentions="ABC123" if asks else None,
    )
    sending = maker.send(session, number, "Where is my order #ABC123" if asks else "hi", expected)
    if maker.random.random() < 0.1:
        maker.history.append(Unsure(send=sending.send, at_ms=maker.now))
        sending = maker.send(session, number, sending.text, expected)
    maker.ack(sending)
    seen = maker.answer(sending, after_ms)
    if seen.reply and maker.random.random() < 0.1:
        maker.see(seen.reply, seen.timestamp_ms + 1)


def _letter(maker: Maker, acked: Acked, reason: str) -> None:
    letter = Dead(topic=INGRESS, partition=acked.partition, offset=acked.offset, reason=reason)
    maker.dead.append(letter)


def _poison(maker: Maker) -> None:
    """A refused turn, a record that is no turn, a turn id used for two texts."""
    refused = Expected(status=Status.REFUSED, reason="bad_signature")
    sending = maker.send(POISON_SESSION, 1, "hi", refused)
    acked = maker.ack(sending)
    maker.answer(sending, NORMAL_MS)
    for name, at in (("bad_signature", acked.offset), ("invalid_json", acked.offset + 100)):
        place = acked.model_copy(update={"offset": at})
        maker.history.append(
            Poisoned(
                name=name,
                reasons=(name,),
                partition=place.partition,
                offset=place.offset,
                at_ms=maker.now,
            )
        )
        _letter(maker, place, name)
    maker.offsets[INGRESS, acked.partition] += 200
    first = maker.send(POISON_SESSION, 2, "hi", Expected(tier=Tier.TEMPLATE))
    maker.ack(first)
    maker.answer(first, NORMAL_MS)
    other = maker.send(POISON_SESSION, 2, "hello", Expected(tier=Tier.TEMPLATE))
    _letter(maker, maker.ack(other), CONFLICT)


def _samples(start: int, end: int) -> list[Sample]:
    moments = range(start, end + 40_000, 1_000)
    return [
        Sample(at_ms=at, group=group, committed=count, lag=count % 3)
        for count, at in enumerate(moments)
        for group in GROUPS
    ]


def sound(*, sessions: int = 12, turns: int = 40, seed: int = 1) -> Papers:
    """A run of `sessions` × `turns` turns, 20 ms apart, with a fault in its middle."""
    maker = Maker(seed)
    start, middle = maker.now, turns // 2
    for number in range(1, turns + 1):
        if number == middle:
            what = "kill -9 template-0"
            maker.history.append(Injected(fault=1, what=what, at_ms=maker.now))
            _poison(maker)
        for session in range(sessions):
            _turn(maker, f"sound-{session}", number, SLOW_MS if number == middle else NORMAL_MS)
            maker.now += EVERY_MS
    maker.now += 3_000
    _turn(maker, "sound-0", turns + 1, NORMAL_MS)
    return Papers(
        tuple(maker.history),
        tuple(maker.egress),
        tuple(maker.effects),
        tuple(maker.dead),
        tuple(_samples(start, maker.now)),
    )

"""Writes a made-up run turn by turn, as the driver and the readers would."""

import random
from collections import Counter

from devkit.check.account import Acked, Dead, Effect, Entry, Expected, Seen, Sending
from events.partition import partition_of
from events.reply import Reply, Status
from events.tier import Tier
from events.topics import INGRESS

PARTITIONS = 4
NORMAL_MS = 12


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

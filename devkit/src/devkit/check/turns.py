"""The turns of a run by their id, and the replies that readers accept."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from devkit.check.account import Acked, Entry, Seen, Sending, Unsure
from events.reader import Reader
from events.reply import Reply

Key = tuple[str, str]


@dataclass
class Turn:
    """All sends of one turn id. The stored send with the lowest offset is the one that counts."""

    sends: list[Sending] = field(default_factory=list)
    acks: dict[int, Acked] = field(default_factory=dict)
    unsure: bool = False

    @property
    def stored(self) -> list[Sending]:
        """The acked sends in the order of the partition."""
        acked = [send for send in self.sends if send.send in self.acks]
        return sorted(acked, key=lambda send: self.acks[send.send].offset)

    @property
    def first(self) -> Sending:
        """The send that the reply must answer."""
        return (self.stored or self.sends)[0]

    @property
    def conflicts(self) -> list[Acked]:
        """The acknowledgements of sends with another text than the first."""
        return [self.acks[send.send] for send in self.stored if send.text != self.first.text]

    @property
    def certain(self) -> bool:
        """Whether it is known which text came first."""
        return not self.unsure or len({send.text for send in self.sends}) == 1


def turns_of(history: Sequence[Entry]) -> dict[Key, Turn]:
    """The turns of a history, in the order of their first send."""
    turns: dict[Key, Turn] = defaultdict(Turn)
    by_send: dict[int, Turn] = {}
    for entry in history:
        if isinstance(entry, Sending):
            turn = turns[entry.session_id, entry.turn_id]
            turn.sends.append(entry)
            by_send[entry.send] = turn
        elif isinstance(entry, Acked):
            by_send[entry.send].acks[entry.send] = entry
        elif isinstance(entry, Unsure):
            by_send[entry.send].unsure = True
    return dict(turns)


def shown(egress: Sequence[Seen]) -> list[Reply]:
    """What readers of one partition each would show, in the order of the partitions."""
    readers: dict[int, Reader] = defaultdict(Reader)
    ordered = sorted(egress, key=lambda seen: (seen.partition, seen.offset))
    replies = [(seen.partition, seen.reply) for seen in ordered if seen.reply]
    return [reply for partition, reply in replies if readers[partition].reply(reply)]


def name_of(key: Key) -> str:
    """How a turn is written in a report."""
    return f"{key[0]}/{key[1]}"


def key_of(reply: Reply) -> Key:
    """The turn that a reply answers."""
    return reply.session_id, reply.turn_id

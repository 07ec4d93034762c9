"""Operators' switches on `chat.control`: what stands there, and a new one."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bus.port import Bus
from bus.record import Record
from devkit.operate.whole import whole
from events.control import Control, Kind
from events.topics import CONTROL
from events.wire import Undecodable, decode, encode

OPERATOR = "operator"
"""One name for all operators: whoever switches on ends what another switched off."""


@dataclass(frozen=True)
class Switch:
    """One switch as it stands: `since` by the broker's clock."""

    entry: Control
    since: datetime

    @property
    def on(self) -> bool:
        """Whether it lets turns through."""
        return self.entry.value > 0


def switches_of(records: list[Record]) -> list[Switch]:
    """The newest switch of each key, by subject. Other entries are left out."""
    newest: dict[str, Switch] = {}
    for record in records:
        try:
            entry = decode(Control, record.value, record.headers)
        except Undecodable:
            # An empty record takes an entry back; of anything else the classifier's log tells.
            newest.pop((record.key or b"").decode("utf-8", "replace"), None)
            continue
        if entry.kind is Kind.SWITCH:
            since = datetime.fromtimestamp(record.timestamp_ms / 1000, UTC)
            newest[entry.key] = Switch(entry, since)
    return sorted(newest.values(), key=lambda one: one.entry.key)


async def read(bus: Bus) -> list[Switch]:
    """Every switch that was ever set."""
    return switches_of(await whole(bus, CONTROL))


async def put(bus: Bus, subject: str, *, on: bool, why: str) -> None:
    """Post a switch; it holds until the next one of its subject."""
    entry = Control(
        kind=Kind.SWITCH,
        subject=subject,
        by=OPERATOR,
        value=1.0 if on else 0.0,
        expires_after_s=None,
        why=why,
    )
    async with bus.producer("switch") as producer:
        await producer.send(CONTROL, encode(entry, "devkit"))

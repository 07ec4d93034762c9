"""What `chat.control` says now: which models are to be had, and what an operator switched off."""

import logging
from dataclasses import dataclass

from bus.record import Record
from events.control import Control, Kind
from events.tier import Tier
from events.wire import Undecodable, decode
from worker.clock import BrokerClock

log = logging.getLogger(__name__)

QUOTA_LOW = 0.05
"""Share of a model's quota below which it is left to the turns that are under way already."""

MOST_KEPT = 256
"""Beyond so many entries the expired ones are dropped: each start of a worker brings new keys."""


@dataclass(frozen=True)
class _Posted:
    entry: Control
    stamp_ms: int


class Controls:
    """The newest entry of each key. Ages are told by the broker's clock, from the entries' stamps.

    The models' workers post a breaker and a quota for each model every second. None ever seen means
    that nobody watches: turns go on. Some seen and all expired means that the workers are away.
    """

    def __init__(self, clock: BrokerClock) -> None:
        self._clock = clock
        self._posted: dict[str, _Posted] = {}
        self._watched = False

    def saw(self, record: Record) -> None:
        """Take one record of the topic. An empty one takes its key's entry back."""
        self._clock.saw(record.timestamp_ms)
        key = (record.key or b"").decode("utf-8", "replace")
        if not record.value:
            self._posted.pop(key, None)
            return
        try:
            entry = decode(Control, record.value, record.headers)
        except Undecodable as broken:
            log.warning("%s offset %d is no entry: %s", record.place, record.offset, broken)
            return
        self._watched = self._watched or entry.kind in (Kind.BREAKER, Kind.QUOTA)
        self._posted[key] = _Posted(entry, record.timestamp_ms)
        if len(self._posted) > MOST_KEPT:
            self._posted = {name: one for name, one in self._posted.items() if self._holds(one)}

    def tier(self, tier: Tier) -> str | None:
        """The overlay of a tier that an operator switched off, else None."""
        return f"switch:{tier}" if self._switched_off(tier) else None

    def model(self, name: str) -> str | None:
        """Why no turn is to be sent to a model now, as an overlay, or None when it is to be had.

        Breakers are each worker's own: the model is left alone once no worker lets turns through.
        The quota is everybody's: the lowest share counts.
        """
        if overlay := self.tier(Tier.LLM):
            return overlay
        if self._switched_off(name):
            return f"switch:{name}"
        if self._watched and not (self._values(Kind.BREAKER) or self._values(Kind.QUOTA)):
            return f"away:{Tier.LLM}"
        if max(self._values(Kind.BREAKER, name), default=1.0) <= 0:
            return f"breaker:{name}"
        if min(self._values(Kind.QUOTA, name), default=1.0) < QUOTA_LOW:
            return f"quota:{name}"
        return None

    def _switched_off(self, subject: str) -> bool:
        return min(self._values(Kind.SWITCH, subject), default=1.0) <= 0

    def _values(self, kind: Kind, subject: str | None = None) -> list[float]:
        """The values of a kind's entries that hold now, of one subject or of all."""
        return [
            posted.entry.value
            for posted in self._posted.values()
            if posted.entry.kind is kind
            and subject in (None, posted.entry.subject)
            and self._holds(posted)
        ]

    def _holds(self, posted: _Posted) -> bool:
        expires = posted.entry.expires_after_s
        return expires is None or self._clock.age_s(posted.stamp_ms) < expires

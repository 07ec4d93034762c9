"""The last minutes' cost, latency and tier mix, in a windowed table of faust.

The table lives in memory alone, without a changelog topic: what it holds is in the books too, and
is read from there when the ledger starts.
"""

import operator
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import faust

from ledger.book import Entry
from ledger.cell import Cell, cell_of

PANE_S = 10
KEPT_S = 360
"""Windows tumble every ten seconds. The figures of one and of five minutes are sums of the last six
and thirty: what a hopping window of that size and a step of ten seconds would hold, written once
instead of thirty times."""


class Key(NamedTuple):
    """What turns are told apart by; `model_size` as in `ledger.book.Entry`."""

    use_case: str
    tier: str
    model_size: str


@dataclass(frozen=True, slots=True)
class At:
    """When a turn was answered, in seconds of the broker's clock."""

    second: float


@dataclass(frozen=True, slots=True)
class Pane:
    """One key's figures of one window, to be added."""

    key: Key
    second: float
    cell: Cell


class MemoryTable(faust.Table):  # type: ignore[misc]  # faust is not typed for strict checking
    """A table that tells no changelog: nothing is created or sent for it."""

    async def on_start(self) -> None:
        """Open the store; there is no topic to declare."""
        await self.add_runtime_dependency(self.data)

    def on_key_get(self, key: object) -> None:
        """A key was read."""

    def on_key_set(self, key: object, value: object) -> None:
        """A key was written: note when its window expires."""
        self._maybe_set_key_ttl(key, 0)

    def on_key_del(self, key: object) -> None:
        """A key was removed."""
        self._maybe_del_key_ttl(key, 0)


class Live:
    """The figures of the last minutes. `table` is to be started with the app."""

    def __init__(self, app: faust.App, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self.table = MemoryTable(app, name="live", default=Cell)
        windows = self.table.tumbling(PANE_S, expires=KEPT_S)
        self._windows = windows.relative_to(lambda at: at.second)

    def count(self, entries: Iterable[Entry]) -> None:
        """Add turns that were booked for the first time."""
        sums: dict[tuple[Key, int], Cell] = {}
        for entry in entries:
            key = Key(entry.use_case, entry.tier, entry.model_size)
            at = key, entry.place.timestamp_ms // 1000 // PANE_S
            sums[at] = sums.get(at, Cell()) + cell_of(entry)
        self.add(Pane(key, pane * PANE_S, cell) for (key, pane), cell in sums.items())

    def add(self, panes: Iterable[Pane]) -> None:
        """Add what was added up before."""
        for pane in panes:
            self._windows[pane.key].apply(operator.add, pane.cell, At(pane.second))

    def over(self, seconds: int) -> Mapping[Key, Cell]:
        """The sums of the last `seconds`, up to ten less: the newest window has just begun."""
        since = (self._now() // PANE_S + 1) * PANE_S - seconds
        sums: dict[Key, Cell] = {}
        for (key, (start, _)), cell in self.table.items():
            if start >= since:
                sums[key] = sums.get(key, Cell()) + cell
        return sums

"""Shows an answer sentence by sentence while it is written."""

import asyncio
from typing import Protocol

from events.preview import Preview
from events.turn import Turn


class Screen(Protocol):
    """What previews need of the outlet."""

    async def preview(self, preview: Preview) -> bool:
        """See `worker.outlet.Outlet.preview`."""
        ...


class Previews:
    """The previews of one epoch of a turn, in their order, on a task of their own.

    So a slow broker does not hold up the reading of the answer. After one that may be lost no
    later one is sent: a reader never sees a text with a hole.
    """

    def __init__(self, screen: Screen, turn: Turn, epoch: int) -> None:
        self._screen = screen
        self._turn = turn
        self._epoch = epoch
        self._shown = 0
        self._last: asyncio.Task[bool] | None = None

    def show(self, text: str) -> None:
        """Send one piece behind the others."""
        preview = Preview(
            session_id=self._turn.session_id,
            turn_id=self._turn.turn_id,
            epoch=self._epoch,
            seq=self._shown,
            text=text,
        )
        self._shown += 1
        self._last = asyncio.create_task(self._send(self._last, preview))

    async def complete(self) -> bool:
        """Wait until all are acknowledged; False when one may be lost."""
        return await self._last if self._last else True

    def stop(self) -> None:
        """Send no more."""
        if self._last:
            self._last.cancel()

    async def _send(self, before: "asyncio.Task[bool] | None", preview: Preview) -> bool:
        if before is not None and not await before:
            return False
        return await self._screen.preview(preview)

"""The three time limits of one call: to its first event, between two events, as a whole."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from llm.models.failure import CallFailed, Kind
from playbook.model import ModelSpec


class Watch:
    """Starts with the call."""

    def __init__(self, spec: ModelSpec) -> None:
        now = asyncio.get_running_loop().time()
        self._spec = spec
        self._first_by = now + spec.first_event_s
        self._end_by = now + spec.total_s
        self._begun = False

    def began(self) -> None:
        """An event came."""
        self._begun = True

    @asynccontextmanager
    async def limit(self) -> AsyncIterator[None]:
        """Bounds one wait by what is left. Raises CallFailed: hung, or stalled."""
        stall_by = asyncio.get_running_loop().time() + self._spec.stall_s
        by = min(stall_by, self._end_by) if self._begun else self._first_by
        try:
            async with asyncio.timeout_at(by) as timeout:
                yield
        except TimeoutError as late:
            if not timeout.expired():
                raise
            raise self._failure(by) from late

    def _failure(self, by: float) -> CallFailed:
        if not self._begun:
            return CallFailed(Kind.HUNG, f"no event within {self._spec.first_event_s:g} s")
        if by == self._end_by:
            return CallFailed(Kind.STALLED, f"not whole within {self._spec.total_s:g} s")
        return CallFailed(Kind.STALLED, f"no event for {self._spec.stall_s:g} s")

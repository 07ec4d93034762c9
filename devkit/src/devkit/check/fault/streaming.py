"""Recommendations that are being written, for faults that hit who writes them."""

import asyncio
from collections.abc import Sequence

from bus.consuming import SESSION_TIMEOUT_MS
from devkit.check.fault.field import Field
from devkit.check.fault.probes import Probe, probed
from devkit.check.script import Planned
from llm.money.repository import LEASE

AT_ONCE, APART_S = 8, 0.12
STREAMING = 4
"""So many of the turns must have shown something: some are the victim's."""

LOOK_S, STREAM_S = 0.02, 8.0
WRITING_S = 3.0
"""The second owner's own answer, on a busy machine."""

TAKEOVER_S = max(SESSION_TIMEOUT_MS / 1000, LEASE.total_seconds()) + 1 + WRITING_S
"""How long a turn of a worker that says nothing any more takes at most: its membership ends, its
lease runs out, another worker writes anew."""


async def begun(on: Field) -> "list[asyncio.Task[Probe]]":
    """Ask for some, a moment apart, so that retrieval is not what gives way; return while they are
    being written."""
    turns = [on.asking("cut", on.lines.recommend(on.dice)) for _ in range(AT_ONCE)]
    tasks = []
    for turn in turns:
        tasks.append(asyncio.create_task(probed(on, turn)))
        await asyncio.sleep(APART_S)
    await _streaming(on, turns)
    return tasks


async def _streaming(on: Field, turns: Sequence[Planned]) -> None:
    """Wait until enough of the turns show previews and have no answer yet."""
    for _ in range(int(STREAM_S / LOOK_S)):
        keys = {(turn.session_id, turn.turn_id) for turn in turns}
        shown = {key for key in keys if on.copyist.epochs.get(key)}
        if len(shown - on.copyist.answered.keys()) >= STREAMING or not keys - shown:
            return
        await asyncio.sleep(LOOK_S)


def taken_over(on: Field, fault: int, probes: Sequence[Probe]) -> int:
    """How many were answered by a second owner; complain of those that were not answered whole."""
    again = [probe for probe in probes if probe.reply and probe.reply.epoch > 1]
    on.measured(fault, "turns answered by a second owner", len(again), "")
    if again:
        on.measured(fault, "the slowest of them", max(probe.took_ms for probe in again), "ms")
    for probe in probes:
        if probe.reply is None or probe.marks:
            marks = ", ".join(sorted(probe.marks)) or "no reply"
            on.complain(fault, f"{probe.turn.turn_id} was not answered whole: {marks}")
    return len(again)

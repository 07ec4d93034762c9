"""A fault's own turns beside the load: said one after the other, each answer waited for."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devkit.check.excuses import marks_of
from devkit.check.fault.field import Field
from devkit.check.pace import percentile
from devkit.check.script import Planned
from events.reply import Reply

LOOK_S = 0.25


@dataclass(frozen=True)
class Probe:
    """A turn of the fault's own, its reply and how long that took; None: there was none."""

    turn: Planned
    reply: Reply | None = None
    took_ms: int = 0

    @property
    def marks(self) -> frozenset[str]:
        """What was away while it was answered."""
        return marks_of(self.reply) if self.reply else frozenset()

    @property
    def well(self) -> bool:
        """Whether it was answered by whom it should be, and nothing was away."""
        if self.reply is None or self.marks:
            return False
        expected = self.turn.expected
        return (self.reply.tier, self.reply.status) == (expected.tier, expected.status)


def p95_ms(probes: Sequence[Probe]) -> float:
    """Of 20 probes or fewer the slowest; of more, single ones may meet a pause of the machine."""
    return percentile([float(probe.took_ms) for probe in probes], 0.95)


Make = Callable[[], Planned]


async def probed(on: Field, turn: Planned) -> Probe:
    """Say one turn, and wait for its answer."""
    receipt = await on.driver.say(turn)
    found = await on.answer(turn)
    if found is None:
        return Probe(turn)
    return Probe(turn, found.reply, found.at_ms - receipt.timestamp_ms)


async def probing(on: Field, make: Make, *, every_s: float, seconds: float) -> list[Probe]:
    """Say one every `every_s` for `seconds`, whatever the others wait for; then all answers."""
    async with asyncio.TaskGroup() as group:
        tasks = []
        for _ in range(int(seconds / every_s)):
            tasks.append(group.create_task(probed(on, make())))
            await asyncio.sleep(every_s)
    return [task.result() for task in tasks]


async def until_well(on: Field, make: Make, within_s: float) -> float | None:
    """Seconds until a probe is answered as if nothing had been; None: not within `within_s`."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    while loop.time() - start < within_s:
        if (await probed(on, make())).well:
            return loop.time() - start
        await asyncio.sleep(LOOK_S)
    return None

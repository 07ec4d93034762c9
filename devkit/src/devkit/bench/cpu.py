"""CPU time of the stack's processes, from the operating system's books."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from devkit.stack.stack import Stack


@dataclass
class Spent:
    """CPU seconds by process name, filled when the measured block ends."""

    seconds: dict[str, float] = field(default_factory=dict)

    def without(self, idle: "Spent", share: float) -> "Spent":
        """Without what was spent while nothing was asked, `share` times: 2 for twice the time."""
        return Spent(
            {
                name: max(0.0, seconds - idle.seconds.get(name, 0.0) * share)
                for name, seconds in self.seconds.items()
            }
        )

    def per_turn_ms(self, turns: int) -> dict[str, float]:
        """CPU milliseconds a turn."""
        return {name: seconds * 1000 / turns for name, seconds in self.seconds.items()}


def _pids(stack: Stack) -> dict[str, int]:
    services = {one.child.name: one.child.pid for one in stack.services}
    return services | {child.name: child.pid for child in stack.infrastructure}


def _cpu_s(pid: int) -> float:
    """User and system time of a process and all it started, ended children included."""
    process = psutil.Process(pid)
    own = process.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in process.children(recursive=True):
        times = child.cpu_times()
        total += times.user + times.system
    return float(total)


@contextmanager
def spending(stack: Stack) -> Iterator[Spent]:
    """What the stack's processes, and this one, spend inside the block."""
    pids = _pids(stack) | {"load generator": psutil.Process().pid}
    before, spent = {name: _own_s(name, pid) for name, pid in pids.items()}, Spent()
    yield spent
    spent.seconds = {name: _own_s(name, pid) - before[name] for name, pid in pids.items()}


def _own_s(name: str, pid: int) -> float:
    if name != "load generator":
        return _cpu_s(pid)
    # Its children are the stack: they have lines of their own.
    own = psutil.Process(pid).cpu_times()
    return float(own.user + own.system)


def cpu_name() -> str:
    """The processor's name, and how many cores there are."""
    info = Path("/proc/cpuinfo")
    names = [
        line.partition(":")[2].strip()
        for line in (info.read_text().splitlines() if info.exists() else [])
        if line.startswith("model name")
    ]
    return f"{names[0] if names else 'unknown processor'}, {psutil.cpu_count()} cores"

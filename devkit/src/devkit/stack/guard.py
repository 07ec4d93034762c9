"""Ends the stack's processes when their parent dies, however it dies.

Runs as one small process of its own, on the standard library alone. The parent holds the other end
of its standard input and writes `+<pid> <signal>` for each child it starts and `-<pid>` for each
that ended. End of file means that the parent is gone: what is still listed gets its signal, and
SIGKILL after `GRACE_S`. A pipe is used and not PR_SET_PDEATHSIG, because that one fires when the
starting *thread* ends and does not exist outside Linux.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE_S = 4.0


def read_children(lines: Iterable[str]) -> dict[int, int]:
    """Process group -> signal, of those still listed when the lines end."""
    children: dict[int, int] = {}
    for line in lines:
        if line.startswith("+"):
            pid, stop_signal = line[1:].split()
            children[int(pid)] = int(stop_signal)
        elif line.startswith("-"):
            children.pop(int(line[1:]), None)
    return children


def signal_group(pid: int, number: int) -> bool:
    """Whether the process group was still there to be signalled."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return False
    return True


def end_all(children: dict[int, int]) -> None:
    """Signal every group, wait for them, then kill what is left."""
    for pid, number in children.items():
        signal_group(pid, number)
        signal_group(pid, signal.SIGCONT)
    deadline = time.monotonic() + GRACE_S
    left = list(children)
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = [pid for pid in left if signal_group(pid, 0)]
    for pid in left:
        signal_group(pid, signal.SIGKILL)


def main() -> None:
    """Read until the parent is gone. Ctrl-C and SIGTERM are for the parent, not for this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    end_all(read_children(sys.stdin))


if __name__ == "__main__":
    main()

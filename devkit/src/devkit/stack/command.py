"""What to run: a program, its environment and its account."""

import asyncio
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from devkit.errors import DevkitError


@dataclass(frozen=True)
class Account:
    """The operating system's user that a program runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Command:
    """A program with its whole environment, and how it is asked to stop."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM


async def run_to_end(name: str, command: Command) -> str:
    """Run a short-lived program and return what it printed.

    Raises DevkitError with the end of that when it fails.
    """
    account = command.account
    process = await asyncio.create_subprocess_exec(
        *command.argv,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=dict(command.env),
        cwd=command.cwd,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise DevkitError(f"{name} failed:\n{output.decode(errors='replace')[-2000:]}")
    return output.decode(errors="replace")

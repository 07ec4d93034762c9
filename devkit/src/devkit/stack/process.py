"""One child process: its start, its end, and the faults that a test puts on it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil

from devkit.errors import DevkitError
from devkit.stack import guard
from devkit.stack.command import Command

POLL_S = 0.02


class Guard:
    """The watch process (`guard.py`) of one stack."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-E", guard.__file__],
            stdin=subprocess.PIPE,
            text=True,
            bufsize=1,
            start_new_session=True,
        )

    def watch(self, pid: int, stop_signal: signal.Signals) -> None:
        """From now on, end this process group when the parent is gone."""
        self._tell(f"+{pid} {int(stop_signal)}")

    def forget(self, pid: int) -> None:
        """This one ended."""
        self._tell(f"-{pid}")

    def close(self) -> None:
        """The guard ends whatever it still watches, then itself."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line + "\n")
        except BrokenPipeError as gone:
            raise DevkitError("The stack's watch process died; stop the stack.") from gone


class Child:
    """A supervised process in a session of its own, writing to one log file.

    It can be started again after it ended; the log is continued.
    """

    def __init__(self, name: str, command: Command, log: Path, watch: Guard) -> None:
        self.name = name
        self.command = command
        self.log = log
        self._guard = watch
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the newest start. Raises DevkitError before the first."""
        if self._process is None:
            raise DevkitError(f"{self.name} was not started.")
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs, paused or not."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How the newest start ended: negative for a signal, None while it runs."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start the process. Raises DevkitError when it runs already or cannot be executed."""
        if self.alive:
            raise DevkitError(f"{self.name} runs already.")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            self._process = self._spawn(out.fileno())
        self._guard.watch(self._process.pid, self.command.stop_signal)

    def _spawn(self, out: int) -> "subprocess.Popen[bytes]":
        account = self.command.account
        try:
            return subprocess.Popen(
                self.command.argv,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(self.command.env),
                cwd=self.command.cwd,
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        except OSError as refused:
            raise DevkitError(f"Cannot start {self.name}: {refused}") from refused

    async def stop(self, grace: float = 10.0) -> None:
        """Ask it to end, and kill it when it has not within `grace` seconds."""
        if self._process is None:
            return
        self._signal(self.command.stop_signal)
        self._signal(signal.SIGCONT)
        if not await self._ended(grace):
            self._signal(signal.SIGKILL)
            await self._ended(5)
        self._guard.forget(self.pid)

    async def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        self._signal(signal.SIGKILL)
        await self._ended(5)
        self._guard.forget(self.pid)

    def pause(self) -> None:
        """Freeze it and all its descendants (SIGSTOP)."""
        self._signal_tree(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it and its descendants go on (SIGCONT)."""
        self._signal_tree(signal.SIGCONT)

    def log_tail(self, lines: int = 20) -> str:
        """The last lines of its log, for an error message."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def _signal(self, number: signal.Signals) -> None:
        if self.alive:
            guard.signal_group(self.pid, number)

    def _signal_tree(self, number: signal.Signals) -> None:
        parent = psutil.Process(self.pid)
        for process in (parent, *parent.children(recursive=True)):
            os.kill(process.pid, number)

    async def _ended(self, within: float) -> bool:
        deadline = time.monotonic() + within
        while self.alive:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(POLL_S)
        return True


async def until_ready(child: Child, probe: Callable[[], Awaitable[bool]], *, within: float) -> None:
    """Poll `probe` until it is true. Raises DevkitError, with the end of the log, when the child
    dies first or `within` seconds pass."""
    deadline = time.monotonic() + within
    while not await probe():
        if not child.alive:
            raise DevkitError(_report(child, "ended while it was starting"))
        if time.monotonic() > deadline:
            raise DevkitError(_report(child, f"was not ready after {within:.0f} s"))
        await asyncio.sleep(POLL_S)


def _report(child: Child, what: str) -> str:
    return f"{child.name} {what}. The end of {child.log}:\n{child.log_tail()}"

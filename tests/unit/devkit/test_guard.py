import os
import signal
import subprocess

import pytest

from devkit.stack import guard
from devkit.stack.guard import end_all, read_children, signal_group


def test_only_children_that_were_not_taken_back_are_left() -> None:
    lines = ["+10 15\n", "+11 2\n", "-10\n", "\n", "-99\n"]
    assert read_children(lines) == {11: 2}


def test_a_group_that_is_gone_is_no_error() -> None:
    gone = subprocess.Popen(["true"], start_new_session=True)
    gone.wait()
    assert signal_group(gone.pid, signal.SIGTERM) is False


def test_a_frozen_process_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    # An ended child of the test itself stays listed until the test waits for it.
    monkeypatch.setattr(guard, "GRACE_S", 0.2)
    sleeper = subprocess.Popen(["sleep", "60"], start_new_session=True)
    os.kill(sleeper.pid, signal.SIGSTOP)
    end_all({sleeper.pid: signal.SIGTERM})
    assert sleeper.wait(5) == -signal.SIGTERM

"""`tierwise demo` as a person runs it: from nothing to the end, exit code 0, no process left."""

import subprocess
import sys

import psutil
import pytest

from devkit.demo.script import SCENES
from devkit.settings import inherited_environment

pytestmark = pytest.mark.timeout(180)


def test_the_demonstration_goes_as_promised() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "devkit", "demo"],
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
        env=inherited_environment(),
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    for scene in SCENES:
        for line in scene.lines:
            assert line.text in done.stdout
    assert done.stdout.count("· trace ") == sum(len(scene.lines) for scene in SCENES)
    left = [p.cmdline() for p in psutil.Process().children(recursive=True)]
    assert not any("demo" in " ".join(one) for one in left)

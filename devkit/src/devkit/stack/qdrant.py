"""The small Qdrant server as a process of the stack, with an index that is built once."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import httpx

from devkit.errors import environment_error
from devkit.project import Project
from devkit.settings import inherited_environment
from devkit.stack.command import Command, run_to_end
from devkit.stack.ports import LOOPBACK, free_ports
from devkit.stack.process import Child, Guard, until_ready
from devkit.stack.run import Run
from playbook.error import PlaybookError
from rag.embedder import name_of
from rag.index.content import playbook_entries
from rag.index.versions import version_of

START_S = 30.0
KEPT = 3
"""How many built indexes stay in the cache."""


class Qdrant:
    """One server over a copy of the built index. `stop`, `kill` and `restart` keep its port."""

    def __init__(self, project: Project, run: Run, watch: Guard) -> None:
        port = free_ports(1)[0]
        self.url = f"http://{LOOPBACK}:{port}"
        self._folder = run.data / "qdrant"
        own = {
            "PYTHONUNBUFFERED": "1",
            "TIERWISE_QDRANT_PORT": str(port),
            "TIERWISE_QDRANT_FOLDER": str(self._folder),
        }
        argv = (sys.executable, "-m", "devkit.qdrant")
        command = Command(argv, inherited_environment() | own, cwd=project.root)
        self.child = Child("qdrant", command, run.logs / "qdrant.log", watch)

    async def start(self, built: Path | None = None) -> None:
        """Start it, the first time over a copy of `built`. DevkitError with the end of its log."""
        if built is not None:
            shutil.copytree(built, self._folder)
        self.child.start()
        async with httpx.AsyncClient(timeout=1.0, trust_env=False) as http:
            await until_ready(self.child, lambda: self._answers(http), within=START_S)

    async def stop(self) -> None:
        """SIGTERM."""
        await self.child.stop()

    async def kill(self) -> None:
        """`kill -9`: from now on connections are refused."""
        await self.child.kill()

    async def restart(self) -> None:
        """Start it again over the same folder."""
        await self.start()

    def pause(self) -> None:
        """Freeze it: connections are taken and nothing is answered."""
        self.child.pause()

    def resume(self) -> None:
        """Let it go on."""
        self.child.resume()

    async def slow(self, seconds: float) -> None:
        """Hold back every later answer for so long; 0 ends it."""
        async with httpx.AsyncClient(timeout=5.0, trust_env=False) as http:
            told = await http.post(f"{self.url}/admin/delay", json={"seconds": seconds})
            told.raise_for_status()

    async def _answers(self, http: httpx.AsyncClient) -> bool:
        try:
            return (await http.get(f"{self.url}/healthz")).is_success
        except httpx.TransportError:
            return False


async def ensure_index(project: Project, say: Callable[[str], None]) -> Path:
    """The folder of the playbook's index, built on the first call for its content.

    Another process builds it, so that this one need not load torch. Raises DevkitError.
    """
    folder = _cached(project)
    if not folder.exists():
        say("embedding the catalogue, once for its content")
        scratch = Path(f"{folder}.{free_ports(1)[0]}")
        argv = (sys.executable, "-m", "devkit", "catalogue", "index", "--qdrant", str(scratch))
        await run_to_end("catalogue index", Command(argv, inherited_environment(), project.root))
        _settled(scratch, folder)
    return folder


def _cached(project: Project) -> Path:
    try:
        entries = playbook_entries(project.playbook)
    except PlaybookError as broken:
        raise environment_error(str(broken)) from broken
    return project.cache / "index" / version_of(entries, name_of(None))


def _settled(scratch: Path, folder: Path) -> None:
    """Put a built index in its place; another stack may have been quicker."""
    try:
        scratch.rename(folder)
    except OSError:
        shutil.rmtree(scratch)
    folder.touch()
    built = sorted(folder.parent.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in built[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)

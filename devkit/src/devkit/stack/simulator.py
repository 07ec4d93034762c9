"""The simulated provider as a process of the stack."""

import sys
from collections.abc import Mapping

import httpx

from devkit.project import Project
from devkit.settings import inherited_environment
from devkit.simulator.client import SimulatorClient
from devkit.stack.command import Command
from devkit.stack.ports import LOOPBACK, free_ports
from devkit.stack.process import Child, Guard, until_ready
from devkit.stack.run import Run

START_S = 30.0


class Simulator(SimulatorClient):
    """One simulator. `stop`, `kill` and `restart` keep its port and its book."""

    def __init__(self, project: Project, run: Run, extra: Mapping[str, str], watch: Guard) -> None:
        port = free_ports(1)[0]
        super().__init__(f"http://{LOOPBACK}:{port}")
        own = {
            "PYTHONUNBUFFERED": "1",
            "TIERWISE_SIMULATOR_PORT": str(port),
            "TIERWISE_SIMULATOR_PLAYBOOK": str(project.playbook),
            "TIERWISE_SIMULATOR_BOOK": str(run.folder / "simulator.jsonl"),
        }
        argv = (sys.executable, "-m", "devkit.simulator")
        command = Command(argv, inherited_environment() | own | dict(extra), cwd=project.root)
        self.child = Child("simulator", command, run.logs / "simulator.log", watch)

    async def start(self) -> None:
        """Start it and wait until it answers. Raises DevkitError with the end of its log."""
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
        """Start it again; its faults, its profile and its cache are those of a fresh start."""
        await self.start()

    async def _answers(self, http: httpx.AsyncClient) -> bool:
        try:
            answer = await http.get(f"{self.url}/admin/profile")
        except httpx.TransportError:
            return False
        return answer.is_success

"""Zipkin, the trace store with a page: fetched once as one jar, run on loopback."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from devkit.project import Project
from devkit.settings import inherited_environment
from devkit.stack.command import Command, run_to_end
from devkit.stack.jars import maven, maven_environment
from devkit.stack.java import find_java
from devkit.stack.ports import LOOPBACK, free_ports
from devkit.stack.process import Child, Guard, until_ready

VERSION = "3.5.1"
ARTIFACT = f"io.zipkin:zipkin-server:{VERSION}:jar:exec"
SIZE_MB = 131
READY_S = 90.0


def jar_path(project: Project) -> Path:
    """Where the jar lies, or will."""
    return project.cache / f"zipkin-{VERSION}.jar"


async def ensure_jar(project: Project) -> Path:
    """The jar, fetched by Maven if it is not there. Raises DevkitError."""
    jar = jar_path(project)
    if jar.is_file():
        return jar
    jar.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=jar.parent) as scratch:
        await run_to_end("Maven", _copy(project, Path(scratch)))
        (Path(scratch) / f"zipkin-server-{VERSION}-exec.jar").replace(jar)
    return jar


def _copy(project: Project, target: Path) -> Command:
    argv = (
        maven(),
        "--batch-mode",
        "--no-transfer-progress",
        f"--file={project.pom}",
        "dependency:copy",
        f"-Dartifact={ARTIFACT}",
        f"-DoutputDirectory={target}",
    )
    return Command(argv=argv, env=maven_environment())


@dataclass(frozen=True)
class Zipkin:
    """A running Zipkin. It keeps spans in memory."""

    url: str

    @property
    def endpoint(self) -> str:
        """Where exporters send spans."""
        return f"{self.url}/api/v2/spans"

    def page(self, trace_id: str) -> str:
        """The page of one trace."""
        return f"{self.url}/zipkin/traces/{trace_id}"

    async def spans(self, trace_id: str) -> int:
        """How many spans of a trace it holds."""
        async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
            answer = await client.get(f"{self.url}/api/v2/trace/{trace_id}")
        return len(answer.json()) if answer.status_code == httpx.codes.OK else 0


@asynccontextmanager
async def zipkin(project: Project, jar: Path, log: Path) -> AsyncIterator[Zipkin]:
    """Run Zipkin for as long as the block lasts. Raises DevkitError when it does not come up."""
    (port,) = free_ports(1)
    listen = f"--armeria.ports[0].ip={LOOPBACK}", f"--armeria.ports[0].port={port}"
    argv = (str(find_java()), "-Xmx256m", "-jar", str(jar), *listen)
    command = Command(
        argv=(*argv, "--armeria.ports[0].protocols[0]=http"),
        env=inherited_environment(),
        cwd=project.root,
    )
    guard = Guard()
    child = Child("zipkin", command, log, guard)
    store = Zipkin(f"http://{LOOPBACK}:{port}")
    try:
        child.start()
        await _ready(child, store)
        yield store
    finally:
        await child.stop(5.0)
        guard.close()


async def _ready(child: Child, store: Zipkin) -> None:
    async with httpx.AsyncClient(timeout=2.0, trust_env=False) as client:

        async def healthy() -> bool:
            try:
                return (await client.get(f"{store.url}/health")).is_success
            except httpx.TransportError:
                return False

        await until_ready(child, healthy, within=READY_S)

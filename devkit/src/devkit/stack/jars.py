"""The broker's jars: copied by Maven once, kept in the cache."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from devkit.errors import DevkitError, environment_error
from devkit.project import Project
from devkit.settings import inherited_environment, settings

DOWNLOADED = re.compile(r"Downloaded from \S+: \S+/([^/ ]+\.jar) ")
VERSION = re.compile(r"<artifactId>kafka_2\.13</artifactId>\s*<version>([^<]+)</version>")

Say = Callable[[str], None]


def kafka_version(project: Project) -> str:
    """The broker's version, as the pom pins it."""
    found = VERSION.search(project.pom.read_text())
    if found is None:
        raise DevkitError(f"{project.pom} names no version of kafka_2.13.")
    return found.group(1)


def jars_folder(project: Project) -> Path:
    """Where the jars are, or will be."""
    given = settings().kafka_jars
    return Path(given) if given else project.cache / f"kafka-{kafka_version(project)}"


def cached(project: Project) -> bool:
    """Whether nothing has to be fetched."""
    return any(jars_folder(project).glob("kafka_2.13-*.jar"))


async def ensure_jars(project: Project, say: Say) -> Path:
    """The folder of jars, fetched if it is not there. Raises DevkitError naming the ways out."""
    folder = jars_folder(project)
    if cached(project):
        return folder
    if settings().kafka_jars:
        raise environment_error(f"TIERWISE_DEV_KAFKA_JARS={folder} holds no kafka_2.13-*.jar.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        copied = Path(scratch) / "jars"
        await _copy(project, copied, say)
        _publish(copied, folder)
    return folder


def _publish(copied: Path, folder: Path) -> None:
    """Only whole sets of jars get the cache's name; whoever came first wins."""
    try:
        copied.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


async def _copy(project: Project, target: Path, say: Say) -> None:
    process = await asyncio.create_subprocess_exec(
        maven(),
        "--batch-mode",
        f"--file={project.pom}",
        "dependency:copy-dependencies",
        "-DincludeScope=runtime",
        f"-DoutputDirectory={target}",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=maven_environment(),
    )
    try:
        lines = await _follow(process, say)
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise DevkitError("Maven could not fetch the broker's jars:\n" + "\n".join(lines[-15:]))


async def _follow(process: asyncio.subprocess.Process, say: Say) -> list[str]:
    assert process.stdout is not None
    lines, fetched = [], 0
    async for raw in process.stdout:
        line = raw.decode(errors="replace").rstrip()
        lines.append(line)
        if found := DOWNLOADED.search(line):
            fetched += 1
            say(f"fetched {fetched}: {found.group(1)}")
    await process.wait()
    return lines


def maven_environment() -> dict[str, str]:
    """What Maven is run with."""
    home = settings().java_home
    return inherited_environment() | ({"JAVA_HOME": home} if home else {})


def maven() -> str:
    """The `mvn` of PATH. Raises DevkitError naming the ways out."""
    found = shutil.which("mvn")
    if found is None:
        raise environment_error(
            "Maven (mvn) is needed once, to fetch the broker's jars. Install it (Debian, Ubuntu: "
            "maven), or set TIERWISE_DEV_KAFKA_JARS to the libs folder of an unpacked Kafka 4 "
            "distribution, or set TIERWISE_DEV_KAFKA to a broker that runs already."
        )
    return found

"""Finding a Java that can run the broker."""

import re
import shutil
import subprocess
from pathlib import Path

from devkit.errors import environment_error
from devkit.settings import settings

OLDEST = 17
WAYS_OUT = (
    f"Install a JDK {OLDEST} or newer (Debian, Ubuntu: openjdk-17-jdk-headless), or set JAVA_HOME "
    "to one, or set TIERWISE_DEV_KAFKA to the address of a broker that runs already."
)
VERSION = re.compile(r'version "(?:1\.)?(\d+)')


def find_java() -> Path:
    """The `java` of JAVA_HOME, else of PATH. Raises DevkitError naming the ways out."""
    found = _candidate()
    if found is None:
        raise environment_error(f"No Java was found. {WAYS_OUT}")
    version = java_version(_banner(found))
    if version is None or version < OLDEST:
        raise environment_error(
            f"{found} is Java {version or 'of unknown version'}; the broker needs {OLDEST} or "
            f"newer. {WAYS_OUT}"
        )
    return found


def java_version(banner: str) -> int | None:
    """The feature release in `java -version`'s output: 8 for "1.8.0_392", 17 for "17.0.15"."""
    match = VERSION.search(banner)
    return int(match.group(1)) if match else None


def _candidate() -> Path | None:
    home = settings().java_home
    if home is not None:
        java = Path(home) / "bin" / "java"
        if not java.is_file():
            raise environment_error(f"JAVA_HOME={home} holds no bin/java. {WAYS_OUT}")
        return java
    on_path = shutil.which("java")
    return Path(on_path) if on_path else None


def _banner(java: Path) -> str:
    done = subprocess.run(
        [str(java), "-version"], capture_output=True, text=True, check=False, timeout=30
    )
    return done.stderr + done.stdout

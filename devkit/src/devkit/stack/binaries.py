"""PostgreSQL's programs, and an account that may run them.

The server refuses to run as root. Then it runs as the system's `postgres` or `nobody`, and if that
account cannot reach the programs or the project folder, both go to a folder that it can reach.
"""

import importlib.util
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from devkit.errors import environment_error
from devkit.stack.command import Account

NEEDED = ("initdb", "postgres")
ACCOUNTS = ("postgres", "nobody")
WAYS_OUT = (
    "Install the package pgserver in this environment, or PostgreSQL 15 or newer from the system's "
    "packages, or set TIERWISE_DEV_POSTGRES to the DSN of an administrator of a server that runs."
)


@dataclass(frozen=True)
class Place:
    """Where one server's programs and data lie, and who runs it (None: whoever runs devkit)."""

    programs: Path
    data: Path
    account: Account | None
    scratch: Path | None = None
    """A folder outside the project, to be removed at the end."""


def find_programs() -> Path:
    """The folder with initdb and postgres: pgserver's, else PATH's, else the newest installed."""
    for folder in _candidates():
        if all((folder / name).is_file() for name in NEEDED):
            return folder
    raise environment_error(f"No PostgreSQL was found. {WAYS_OUT}")


def find_place(data: Path) -> Place:
    """Programs, data folder (made, and owned by the right account) and account for one server."""
    programs = find_programs()
    if os.geteuid() != 0:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Place(programs, data, None)
    account = _unprivileged()
    scratch = None
    if not (_reachable(programs) and _reachable(data)):
        scratch = _scratch()
        programs, data = _copy_programs(programs, scratch), scratch / "data"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chown(data, account.uid, account.gid)
    return Place(programs, data, account, scratch)


def _candidates() -> list[Path]:
    # Looked up, not imported: the package makes folders and takes locks when imported.
    found = importlib.util.find_spec("pgserver")
    bundled = list(found.submodule_search_locations or ()) if found else []
    on_path = shutil.which("postgres")
    installed = sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=_major, reverse=True)
    return [
        *(Path(folder) / "pginstall" / "bin" for folder in bundled),
        *([Path(on_path).resolve().parent] if on_path else []),
        *installed,
    ]


def _major(folder: Path) -> float:
    return float(folder.parent.name)


def _unprivileged() -> Account:
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise environment_error(
        "PostgreSQL refuses to run as root and this system has neither an account `postgres` nor "
        "`nobody`: run the command as an ordinary user."
    )


def _reachable(path: Path) -> bool:
    """Whether an account without rights may walk to `path` (or to where it will be made)."""
    existing = [folder for folder in (path, *path.parents) if folder.exists()]
    inner = [folder for folder in existing if folder != path or path.name == "bin"]
    return all(folder.stat().st_mode & 0o001 for folder in inner)


def _scratch() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="tierwise-postgres-"))
    folder.chmod(0o711)
    if not _reachable(folder / "data"):
        shutil.rmtree(folder)
        raise environment_error(
            f"PostgreSQL refuses to run as root, and no other account can reach {folder.parent}: "
            "run as an ordinary user, or set TMPDIR to a folder that everybody may enter."
        )
    return folder


def _copy_programs(programs: Path, scratch: Path) -> Path:
    """Programs find their libraries by relative paths, so the installation moves as a whole."""
    install = programs.parent
    target = scratch / "programs" / install.parent.name / install.name
    shutil.copytree(install, target, symlinks=True)
    bundled_libraries = install.parent.parent / f"{install.parent.name}.libs"
    if bundled_libraries.is_dir():
        shutil.copytree(bundled_libraries, scratch / "programs" / bundled_libraries.name)
    return target / programs.name

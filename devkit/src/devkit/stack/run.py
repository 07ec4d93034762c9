"""One run's folder under `.tierwise/run`: logs and data, and the tidying of older runs."""

import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

from devkit.project import Project

KEPT = 10
"""How many ended runs keep their logs."""


class Run:
    """The folder of one stack. Data goes when the stack ends; logs stay for the next ten runs."""

    def __init__(self, project: Project) -> None:
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
        self.folder = _new_folder(project.runs, name)
        (self.folder / "pid").write_text(str(os.getpid()))
        prune(project.runs)

    @property
    def logs(self) -> Path:
        """One file per process."""
        return self.folder / "logs"

    @property
    def data(self) -> Path:
        """The broker's and the database's files."""
        return self.folder / "data"

    def close(self) -> None:
        """Remove the data, keep the logs."""
        shutil.rmtree(self.data, ignore_errors=True)
        (self.folder / "pid").unlink(missing_ok=True)


def prune(runs: Path) -> None:
    """Remove the data of runs whose process is gone, and all but the newest ended runs."""
    ended = sorted((one for one in runs.iterdir() if not _alive(one)), reverse=True)
    _remove(one / "data" for one in ended)
    _remove(ended[KEPT:])


def _new_folder(runs: Path, name: str) -> Path:
    runs.mkdir(parents=True, exist_ok=True)
    for number in range(1000):
        folder = runs / (f"{name}-{number}" if number else name)
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        (folder / "data").mkdir()
        return folder
    raise FileExistsError(f"{runs} holds a thousand runs of one second.")


def _alive(run: Path) -> bool:
    try:
        return psutil.pid_exists(int((run / "pid").read_text()))
    except (FileNotFoundError, ValueError):
        # Ended, or just being made and without its pid yet.
        return time.time() - run.stat().st_mtime < 5


def _remove(folders: Iterable[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)

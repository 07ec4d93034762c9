"""The playbook's customers, orders and stock, for a development database."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import order.seed
import rag.seed
from devkit.errors import environment_error
from devkit.project import Project
from playbook.error import PlaybookError

Load = Callable[[str, Path], Awaitable[int]]


async def seed(dsn: str, project: Project) -> int:
    """Write them as the administrator `dsn`; dates move to today. Returns how many orders.

    What a playbook without a seed has elsewhere is left alone. Raises DevkitError on a broken one.
    """
    counts = {load: await _loaded(dsn, file, load) for file, load in _files(project)}
    return counts.get(order.seed.load, 0)


def _files(project: Project) -> list[tuple[Path, Load]]:
    """The files that are there, and what loads them."""
    folder = project.playbook / "seed"
    loads = ((folder / "stock.yaml", rag.seed.load), (folder / "customers.yaml", order.seed.load))
    return [(file, load) for file, load in loads if file.exists()]


async def _loaded(dsn: str, file: Path, load: Load) -> int:
    try:
        return await load(dsn, file)
    except PlaybookError as broken:
        raise environment_error(str(broken)) from broken

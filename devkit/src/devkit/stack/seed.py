"""The playbook's customers and orders, for a development database."""

from devkit.errors import environment_error
from devkit.project import Project
from order.seed import load
from playbook.error import PlaybookError


async def seed(dsn: str, project: Project) -> int:
    """Write them as the administrator `dsn`; dates move to today. Returns how many orders.

    A playbook without a seed has its orders elsewhere: 0. Raises DevkitError on a broken one.
    """
    customers = project.playbook / "seed" / "customers.yaml"
    if not customers.exists():
        return 0
    try:
        return await load(dsn, customers)
    except PlaybookError as broken:
        raise environment_error(str(broken)) from broken

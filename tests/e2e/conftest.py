"""The whole system, as `tierwise up` starts it, with its spans collected in this process."""

from collections.abc import AsyncIterator

import pytest_asyncio
from suites.whole_system import System, register_outsider

from devkit.project import Project
from devkit.stack.progress import Steps
from devkit.stack.services import Plan
from devkit.stack.stack import Stack
from devkit.trace.collector import collecting
from devkit.trace.export import to_zipkin


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def system() -> AsyncIterator[System]:
    project = Project.find()
    register_outsider(project)
    async with collecting() as collector:
        plan = Plan(extra={"*": to_zipkin(collector.endpoint)})
        async with Stack(project, plan=plan, steps=Steps(quiet=True)) as stack:
            yield System(stack, collector)

"""A real broker and a real database for the whole session; no services."""

import asyncio
from collections.abc import Iterator

import pytest

from devkit.stack.progress import Steps
from devkit.stack.stack import NO_SERVICES, Stack


@pytest.fixture(scope="session")
def infra() -> Iterator[Stack]:
    """Kafka with its topics and PostgreSQL, migrated. Shared: use sessions and groups of your own.

    Started outside any test's event loop, and nothing in it is bound to one.
    """
    stack = Stack(plan=NO_SERVICES, steps=Steps(quiet=True))
    asyncio.run(stack.start())
    yield stack
    asyncio.run(stack.stop())

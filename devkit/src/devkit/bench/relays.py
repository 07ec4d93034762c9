"""The relay's processes, beside a stack."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise

from devkit.settings import inherited_environment
from devkit.stack.command import Command
from devkit.stack.process import Child, Guard
from devkit.stack.stack import Stack


@asynccontextmanager
async def relays(stack: Stack, topics: Sequence[str]) -> AsyncIterator[None]:
    """One process between each two neighbours of `topics`."""
    guard = Guard()
    children = []
    for source, target in pairwise(topics):
        group = f"relay-{source}"
        argv = (sys.executable, "-m", "devkit.bench.relay", stack.bootstrap, group, source, target)
        command = Command(argv=argv, env=inherited_environment(), cwd=stack.project.root)
        children.append(Child(group, command, stack.run.logs / f"{group}.log", guard))
    try:
        for child in children:
            child.start()
        yield
    finally:
        for child in children:
            await child.stop(2.0)
        guard.close()

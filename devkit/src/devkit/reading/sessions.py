"""Labelled turns with their histories: one file for each of those who wrote them."""

from dataclasses import dataclass
from pathlib import Path

from devkit.training.corpus import Corpus, CorpusError, Row, sha256_of


@dataclass(frozen=True)
class Sessions:
    """Rows that have a history, who wrote each, and the SHA-256 over the files of `folder`."""

    folder: Path
    rows: tuple[Row, ...]
    writers: tuple[str, ...]
    sha256: str

    @classmethod
    def read(cls, folder: Path) -> "Sessions":
        """Read a folder. Raises CorpusError for too few writers or a row without history."""
        files = sorted(folder.glob("*.jsonl"))
        if len(files) < 2:
            raise CorpusError(
                f"{folder} holds {len(files)} .jsonl files. A reader is judged on writers that it "
                "has not read: give two files at least, one for each writer."
            )
        pairs = [(row, file.stem) for file in files for row in Corpus.read(file).rows]
        if bare := next((row for row, _ in pairs if not row.history), None):
            raise CorpusError(f"{bare.text!r} has no history: put it into the corpus instead.")
        rows, writers = zip(*pairs, strict=True)
        return cls(folder, rows, writers, sha256_of(files))

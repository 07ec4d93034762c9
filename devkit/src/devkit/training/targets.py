"""What a shop's folder says beside its corpus: error targets by use case, the background."""

import json
from collections.abc import Mapping
from pathlib import Path

from devkit.training.error import CorpusError
from playbook.shop import load_shop
from playbook.tolerance import error_target

BACKGROUND = "background/background.jsonl"


def targets_of(data: Path, playbook: Path | None) -> Mapping[str, float] | None:
    """Tolerated shares of wrong answers by use case; None for data without a playbook.

    A corpus folder's playbook is the folder it lies in. Raises PlaybookError.
    """
    folder = playbook_of(data, playbook)
    if folder is None:
        return None
    shop = load_shop(folder)
    return {name: error_target(case, shop.risk_usd) for name, case in shop.use_cases.items()}


def playbook_of(data: Path, given: Path | None) -> Path | None:
    """The given playbook, else the one that the corpus folder lies in, if it is one."""
    folder = given or (data.resolve().parent if data.is_dir() else None)
    return folder if folder and (folder / "shop.yaml").is_file() else None


def background_file(data: Path, given: Path | None) -> Path | None:
    """The given file, else that of the playbook which the corpus lies in, if it has one."""
    own = data.parent / BACKGROUND
    return given or (own if data.is_dir() and own.is_file() else None)


def background_of(data: Path, given: Path | None) -> tuple[str, ...]:
    """The texts of the background's file. Raises CorpusError for a line without a text."""
    file = background_file(data, given)
    if file is None:
        return ()
    return tuple(
        _text(line, file, number)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if line.strip()
    )


def _text(line: str, file: Path, number: int) -> str:
    try:
        text = json.loads(line)["text"]
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusError(
            f"{file.name}, line {number}: no object with a text: {error!r}"
        ) from error
    if not isinstance(text, str) or not text.strip():
        raise CorpusError(f"{file.name}, line {number}: text must be a string that says something")
    return text

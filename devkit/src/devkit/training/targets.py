"""What a shop's folder says beside its corpus: error targets by use case, the background."""

from collections.abc import Mapping
from pathlib import Path

from devkit.training.error import CorpusError
from devkit.written_json import JsonError, parsed
from playbook.shop import load_shop
from playbook.tolerance import error_target

BACKGROUND = "background/background.jsonl"
LINE = 'A line is an object like {"text": "sing me a song"}. Correct it, or leave it out.'


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
    """The given playbook, else the one that the corpus folder lies in, if it is one.

    Raises CorpusError for a given folder that is none.
    """
    folder = given or (data.resolve().parent if data.is_dir() else None)
    if folder and (folder / "shop.yaml").is_file():
        return folder
    if given:
        raise CorpusError(f"--playbook: {given} is no playbook, it has no shop.yaml.")
    return None


def background_file(data: Path, given: Path | None) -> Path | None:
    """The given file, else that of the playbook which the corpus lies in, if it has one."""
    own = data.parent / BACKGROUND
    return given or (own if data.is_dir() and own.is_file() else None)


def background_of(data: Path, given: Path | None) -> tuple[str, ...]:
    """The texts of the background's file. Raises CorpusError for a line without a text, or none."""
    file = background_file(data, given)
    if file is None:
        return ()
    # Not splitlines: it also ends a line at characters that JSON allows inside of a text.
    lines = enumerate(_read(file).split("\n"), start=1)
    texts = tuple(_text(line, file, number) for number, line in lines if line.strip())
    if not texts:
        raise CorpusError(f"The background {file} has no rows. Fill it, or leave it out.")
    return texts


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"The background {file} cannot be read ({error}). Give a UTF-8 file."
        ) from error


def _text(line: str, file: Path, number: int) -> str:
    try:
        row = parsed(line)
    except JsonError as error:
        raise CorpusError(f"{file.name}, line {number}: {error}. {LINE}") from error
    text = row.get("text") if isinstance(row, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise CorpusError(f"{file.name}, line {number}: no object with a text. {LINE}")
    return text

"""The command `tierwise route`."""

import json
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from classifier.manifest import ModelError
from devkit.errors import environment_error
from devkit.project import Project
from devkit.route.batch import decided, read_rows, result
from devkit.route.history import parse_history, read_history
from devkit.route.router import MODEL, Router
from devkit.route.show import panel
from events.decision import Decision
from events.turn import MAX_TEXT_CHARACTERS
from playbook.error import PlaybookError

app = typer.Typer()
console = Console(highlight=False)
progress = Console(stderr=True, highlight=False)

PROGRESS_EVERY = 500
"""Rows between two words on standard error."""


@app.command()
def route(
    text: Annotated[str | None, typer.Argument(help="The customer's words.")] = None,
    history: Annotated[
        str | None, typer.Option(help="What was said before, as JSON, or @FILE.")
    ] = None,
    batch: Annotated[Path | None, typer.Option(help="JSONL of rows with text.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write a batch's lines here.")] = None,
    playbook: Annotated[Path | None, typer.Option(help="Else the checkout's.")] = None,
    model: Annotated[Path | None, typer.Option(help="Else the playbook's classifier/.")] = None,
) -> None:
    """Decide a turn, or a file of turns, without sending anything.

    A batch is one JSON object a line, with or without --json.
    """
    _check_call(text, history, batch, out)
    if batch is not None:
        rows = read_rows(batch)  # a bad line is told before a model is loaded
        _write(decided(_router(playbook, model), rows), len(rows), out)
        return
    assert text is not None
    told = read_history(history) if history is not None else None
    parse_history(told)
    found = result(_router(playbook, model), text, told)
    if len(text) > MAX_TEXT_CHARACTERS:
        progress.print(f"Over {MAX_TEXT_CHARACTERS} characters: a running system refuses it.")
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        console.print(panel(text, Decision.model_validate(found["decision"])))


def _check_call(
    text: str | None, history: str | None, batch: Path | None, out: Path | None
) -> None:
    """Raises DevkitError for options that do not go together, or words that are none."""
    if batch is not None and (text is not None or history is not None):
        raise environment_error(
            "--batch takes texts and histories from its file: leave TEXT and --history out."
        )
    if batch is None and out is not None:
        raise environment_error("--out is for --batch: add --batch FILE, or leave --out out.")
    if text is not None and not _writable(text):
        raise environment_error("The words are no UTF-8 text: write them anew, or use --batch.")
    if batch is None and (text is None or text.strip() in ("", "-")):
        raise environment_error(
            "There are no words to decide on. Write them as one argument, in quotes: tierwise "
            'route "where is my order #ABC123". Many texts go into a file: --batch FILE.jsonl.'
        )


def _writable(text: str) -> bool:
    """Whether every character is one: bytes of an argument that are no UTF-8 become halves."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _router(playbook: Path | None, model: Path | None) -> Router:
    folder = playbook or Project.find().playbook
    try:
        return Router.open(folder, model or folder / MODEL)
    except (PlaybookError, ModelError) as error:
        raise environment_error(str(error)) from error


def _write(lines: Iterable[dict[str, Any]], count: int, out: Path | None) -> None:
    """One line a row, as soon as it is decided."""
    with out.open("w", encoding="utf-8") if out else nullcontext(sys.stdout) as file:
        for done, line in enumerate(lines, 1):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            if done % PROGRESS_EVERY == 0:
                progress.print(f"{done} of {count} rows")
    if out:
        progress.print(f"{count} rows written to {out}", soft_wrap=True)

"""The command `tierwise router report`."""

import json
import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from classifier.manifest import ModelError
from devkit import evidence
from devkit.errors import environment_error
from devkit.exam.command import exam
from devkit.project import Project
from devkit.report.bootstrap import DRAWS
from devkit.report.making import Job, report_of, sources
from devkit.report.outcome import BIG_ERROR
from devkit.report.report import Report
from devkit.report.show import show
from playbook.error import PlaybookError

app = typer.Typer(help="The router beside honest controls.")
progress = Console(stderr=True, highlight=False)

CONVERSATIONS = Path("evaluation") / "conversations.jsonl"
"""In the playbook."""

NAME = "router"
WIDE = 150
"""Characters that the table needs; a terminal may have more."""


@app.callback(invoke_without_command=False)
def group() -> None:
    """The router beside honest controls."""


@app.command()
def report(
    conversations: Annotated[
        Path | None, typer.Option(help="JSONL; else the playbook's evaluation/conversations.jsonl.")
    ] = None,
    playbook: Annotated[Path | None, typer.Option(help="Else the checkout's.")] = None,
    model: Annotated[Path | None, typer.Option(help="Else the playbook's classifier/.")] = None,
    draws: Annotated[int, typer.Option(min=100, help="Of the bootstrap.")] = DRAWS,
    seed: Annotated[int, typer.Option(help="Of everything that is drawn.")] = 7,
    big_error: Annotated[
        float, typer.Option(min=0, max=1, help="Share the big model is assumed to get wrong.")
    ] = BIG_ERROR,
    frozen: Annotated[bool, typer.Option(help="With the frozen control (needs torch).")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    keep: Annotated[
        bool, typer.Option("--evidence", help="Write docs/evidence/router.json and router.png.")
    ] = False,
) -> None:
    """Compare this router with seven controls on the same labelled conversations."""
    folder = playbook or Project.find().playbook
    file = conversations or folder / CONVERSATIONS
    job = Job(folder, file, model, frozen, draws, seed, big_error)
    _check_packages(frozen, keep)
    made = _made(job)
    if keep:
        _keep(made, job)
    if as_json:
        print(json.dumps(made.figures, ensure_ascii=False, indent=2))
    else:
        console = Console(highlight=False)
        console.width = max(console.width, WIDE)
        show(made, console)


def _made(job: Job) -> Report:
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    try:
        return report_of(job, lambda what: progress.print(what, style="dim"))
    except (PlaybookError, ModelError) as error:
        raise environment_error(str(error)) from error


def _check_packages(frozen: bool, keep: bool) -> None:
    """Raises DevkitError before anything long is begun."""
    if keep and not frozen:
        raise environment_error("--evidence holds all controls: leave --no-frozen out.")
    wanted = {"sklearn": frozen, "sentence_transformers": frozen, "matplotlib": keep}
    if missing := [name for name, is_wanted in wanted.items() if is_wanted and not find_spec(name)]:
        raise environment_error(
            f"The report needs {', '.join(missing)}: run `uv sync --all-groups`, or leave out the "
            "frozen control and the picture (--no-frozen, without --evidence)."
        )


def _keep(made: Report, job: Job) -> None:
    """The evidence, and the picture beside it."""
    from devkit.report.picture import draw  # matplotlib takes a second to import

    file = evidence.write(NAME, made.figures, data=sources(job), seed=job.seed)
    draw(made.compared, file.with_suffix(".png"))
    progress.print(f"written: docs/evidence/{file.name} and {file.stem}.png", style="dim")


app.command()(exam)

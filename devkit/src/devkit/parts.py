"""The commands that live in modules of their own, loaded only when they are asked for.

So a missing extra breaks the command that needs it and no other, and `tierwise --help` stays quick.
"""

from dataclasses import dataclass
from importlib import import_module

import typer

from devkit.errors import environment_error


@dataclass(frozen=True)
class Part:
    """`tierwise NAME`, the Typer application `app` of `module`.

    `flat` makes an application of one command that command itself.
    """

    name: str
    module: str
    summary: str
    flat: bool = False


PARTS = (
    Part("classifier", "devkit.classifier", "Train and judge the classifier's model."),
    Part("route", "devkit.route.command", "Decide turns without sending them.", flat=True),
    Part("router", "devkit.report", "Compare the router with honest controls."),
    Part("evidence", "devkit.evidence.command", "Write measured figures into pages; check them."),
    Part("rubric", "devkit.rubric", "Measure examples: which tier does a use case need?"),
    Part("check", "devkit.check", "Drive a load, put faults on the stack, balance the books."),
    Part("bench", "devkit.bench", "Measure latency, throughput and CPU per turn.", flat=True),
    Part("demo", "devkit.demo", "Send the demonstration's turns and show each answer.", flat=True),
    Part("trace", "devkit.trace", "Show the demonstration's traces in Zipkin.", flat=True),
    Part("simulator", "devkit.simulator.command", "See the model simulator's book; break it."),
    Part("profiles", "devkit.profiles", "Count what a bad model gets past the guard.", flat=True),
    Part("money", "devkit.money", "Show what turns cost; balance the books of it."),
    Part("lag", "devkit.operate.lag", "Show how many records wait for each worker.", flat=True),
    Part("letters", "devkit.operate.letters", "List dead letters, or drive them again.", flat=True),
    Part("switch", "devkit.operate.switch", "Switch a tier or a model off, or on.", flat=True),
    Part("desk", "devkit.operate.desk", "List what persons have, and give it back to the bot."),
    Part("manifests", "devkit.manifests", "Render and check chart, manifests, compose file."),
    Part("catalogue", "devkit.catalogue", "Build the index, import a shop's feed, show a series."),
    Part("contracts", "devkit.contracts", "Write the AsyncAPI document and schemas.", flat=True),
)


def attach(app: typer.Typer, chosen: str | None) -> None:
    """Register every part: the chosen one whole, the others by name and summary alone."""
    for part in PARTS:
        if part.name == chosen:
            _attach_whole(app, part)
        else:
            app.command(part.name, help=part.summary)(_unreached)


def _attach_whole(app: typer.Typer, part: Part) -> None:
    loaded = _load(part)
    if part.flat and len(loaded.registered_commands) == 1 and not loaded.registered_groups:
        command = loaded.registered_commands[0].callback
        assert command is not None
        app.command(part.name)(command)
    else:
        app.add_typer(loaded, name=part.name, help=part.summary)


def _load(part: Part) -> typer.Typer:
    try:
        loaded = import_module(part.module).app
    except ModuleNotFoundError as missing:
        if missing.name == part.module:
            raise environment_error(f"This release has no `tierwise {part.name}`.") from missing
        raise environment_error(
            f"`tierwise {part.name}` needs what is not installed ({missing}): run `uv sync "
            "--all-groups` and try again."
        ) from missing
    assert isinstance(loaded, typer.Typer)
    return loaded


def _unreached() -> None:
    raise AssertionError("a part is attached whole before its command is run")

"""A decision as a person reads it."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from events.decision import Decision

BAR = 24
"""Characters of a probability of one."""


def panel(text: str, decision: Decision) -> Panel:
    """Use case, tier, by what and why; then the figures, where a model was asked."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="dim")
    rows.add_column(overflow="fold")
    for name, value in _rows(decision):
        rows.add_row(name, Text(value))
    parts: list[RenderableType] = [rows]
    if decision.candidates:
        parts += [Text(""), _bars(decision)]
    title = Text(f" {' '.join(text.split())[:60]} ")
    return Panel(Group(*parts), title=title, title_align="left", expand=False)


def _rows(decision: Decision) -> Iterator[tuple[str, str]]:
    yield "use case", decision.use_case
    yield "tier", decision.tier.value
    yield "by", " ".join(filter(None, (decision.by.value, decision.rule_id)))
    yield "why", decision.why
    if score := _score(decision):
        yield "score", score
    if decision.out_of_scope is not None:
        yield "out of scope", f"{decision.out_of_scope:.3f}"
    if decision.entropy_bits is not None:
        yield "entropy", f"{decision.entropy_bits:.2f} bits"
    if decision.template:
        yield "template", decision.template
    if decision.slots:
        yield "slots", ", ".join(f"{name} = {value}" for name, value in decision.slots.items())
    if decision.overlays:
        yield "overlays", ", ".join(decision.overlays)
    yield "expected cost", f"${decision.expected_cost_usd:.4f}"
    yield (
        "versions",
        " ".join(filter(None, (f"playbook {decision.playbook_version}", decision.model_version))),
    )


def _score(decision: Decision) -> str | None:
    """The final score against what is asked of it."""
    if decision.score is None:
        return None if decision.threshold is None else f"at least {decision.threshold:.3f} asked"
    asked = "no threshold" if decision.threshold is None else f"{decision.threshold:.3f} asked"
    return f"{decision.score:.3f} ({asked})"


def _bars(decision: Decision) -> Table:
    bars = Table.grid(padding=(0, 2))
    for one in decision.candidates:
        bar = "█" * round(one.probability * BAR)
        bars.add_row(one.use_case, Text(f"{one.probability:.3f}"), Text(bar, style="cyan"))
    return bars

"""Prints the demonstration: each turn as it is answered, then a summary by tier."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from devkit.check.pace import percentile
from devkit.conversation import Answer
from devkit.demo.script import Line
from events.decision import Decision, Evidence

NO_TIER = "none"


@dataclass(frozen=True)
class Told:
    """One line and its answer; None when there was none in time."""

    line: Line
    answer: Answer | None

    @property
    def as_promised(self) -> bool:
        """Whether it was answered, and taken for what the script promises."""
        if self.answer is None:
            return False
        return self.line.use_case in (None, self.answer.reply.use_case)


def evidence(decision: Decision | None) -> str:
    """What decided, in a few words: the rule, or the model with posterior and entropy in bits."""
    if decision is None:
        return "nothing: the turn was refused at the door"
    if decision.by is Evidence.MODEL and decision.candidates:
        best = decision.candidates[0]
        bits = f"{decision.entropy_bits:.2f} bits" if decision.entropy_bits is not None else "?"
        scope = f", out of scope {decision.out_of_scope:.2f}" if decision.out_of_scope else ""
        return f"model: {best.use_case} {best.probability:.2f}, entropy {bits}{scope}"
    return f"{decision.by.value}: {decision.rule_id or decision.why}"


def show(told: Told, number: int, console: Console) -> None:
    """One turn, in a few lines that read well on a terminal and in a file."""
    note = f"  [dim]({told.line.note})[/dim]" if told.line.note else ""
    console.print(f"\n[bold]{number:2d} › {escape(told.line.text)}[/bold]{note}", soft_wrap=True)
    if told.answer is None:
        console.print("     [red]no reply within 25 s[/red]")
        return
    reply, decision = told.answer.reply, told.answer.reply.decision
    marks = [*(decision.overlays if decision else ()), *(f"without {d}" for d in reply.degraded)]
    facts = [
        f"[cyan]{reply.use_case or 'no use case'}[/cyan]",
        f"tier [cyan]{reply.tier or NO_TIER}[/cyan]",
        escape(evidence(decision)),
        *(["overlays " + escape(", ".join(marks))] if marks else []),
        *([f"{reply.status.value} ({reply.reason})"] if reply.reason else []),
    ]
    console.print("     " + " · ".join(facts), soft_wrap=True)
    for row in reply.text.splitlines():
        console.print(f"     {row}", markup=False, soft_wrap=True)
    took = f"{told.answer.took_s * 1000:.1f} ms"
    console.print(f"     [dim]{took} · trace {told.answer.trace_id}[/dim]", soft_wrap=True)
    if not told.as_promised:
        console.print(f"     [red]expected the use case {told.line.use_case}[/red]")


def _row(tier: str, answers: Sequence[Answer], of: int) -> tuple[str, ...]:
    took = percentile([answer.took_s * 1000 for answer in answers], 0.5)
    costs = [a.reply.decision.expected_cost_usd for a in answers if a.reply.decision]
    share = f"{len(answers) / of:.0%}"
    return tier, str(len(answers)), share, f"{took:.1f} ms", f"${sum(costs):.4f}"


def summary(all_told: Sequence[Told], console: Console) -> None:
    """Turns, share, P50 and cost by tier."""
    tiers: dict[str, list[Answer]] = defaultdict(list)
    for told in all_told:
        if told.answer:
            tiers[told.answer.reply.tier or NO_TIER].append(told.answer)
    table = Table(title="By tier", title_justify="left")
    for heading in ("tier", "turns", "share", "P50", "cost by the playbook"):
        table.add_column(heading, justify="left" if heading == "tier" else "right")
    for tier, answers in tiers.items():
        table.add_row(*_row(tier, answers, len(all_told)))
    console.print()
    console.print(table)
    console.print(
        "Product information, recommendations and returns belong to tiers of a later release: "
        "here their turns get the playbook's honest fallback.",
        soft_wrap=True,
    )

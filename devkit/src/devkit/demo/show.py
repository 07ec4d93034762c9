"""Prints one turn of the demonstration as it is answered."""

from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape

from devkit.conversation import Answer
from devkit.demo.promise import Told, named, way_of, wrong
from events.decision import Decision, Evidence
from events.reply import Reply, Usage
from playbook.shop import Shop

INDENT = "     "


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


def show(told: Told, number: int, shop: Shop, console: Console) -> None:
    """One turn, in a few lines that read well on a terminal and in a file."""
    note = f"  [dim]({escape(told.line.note)})[/dim]" if told.line.note else ""
    console.print(f"\n[bold]{number:2d} › {escape(told.line.text)}[/bold]{note}", soft_wrap=True)
    if told.answer is None:
        console.print(f"{INDENT}[red]no reply within 25 s[/red]")
        return
    reply = told.answer.reply
    console.print(INDENT + " · ".join(_facts(reply, shop)), soft_wrap=True)
    for row in reply.text.splitlines() or ["(no words)"]:
        console.print(f"{INDENT}{row}", markup=False, soft_wrap=True)
    for text in _footer(told.answer, shop):
        console.print(f"{INDENT}[dim]{escape(text)}[/dim]", soft_wrap=True)
    for text in wrong(told, shop):
        console.print(f"{INDENT}[red]promised otherwise: {escape(text)}[/red]", soft_wrap=True)


def _facts(reply: Reply, shop: Shop) -> Iterator[str]:
    decision = reply.decision
    yield f"[cyan]{reply.use_case or 'no use case'}[/cyan]"
    yield f"tier [cyan]{named(way_of(reply, shop))}[/cyan]"
    yield escape(evidence(decision))
    marks = [*(decision.overlays if decision else ()), *(f"without {d}" for d in reply.degraded)]
    if marks:
        yield "overlays " + escape(", ".join(marks))
    if reply.reason:
        yield f"{reply.status.value} ({reply.reason})"


def _footer(answer: Answer, shop: Shop) -> Iterator[str]:
    if answer.reply.sources:
        titles = (f"{one.title} ({one.kind} {one.ref})" for one in answer.reply.sources)
        yield "sources: " + "; ".join(titles)
    for usage in answer.reply.usage:
        yield _billed(usage, shop.prices.read_on)
    yield " · ".join(_times(answer))


def _billed(usage: Usage, read_on: str) -> str:
    """`haiku-5-5: 812 tokens in, 61 out: $0.000112 at the list prices of 2026-11, simulated`."""
    cached = [(usage.cached_tokens, "cached"), (usage.cache_write_tokens, "written to the cache")]
    extra = "".join(f", {count} {what}" for count, what in cached if count)
    cost = f"${usage.cost_usd:.6f} at the list prices of {read_on}"
    tokens = f"{usage.input_tokens} tokens in{extra}, {usage.output_tokens} out"
    return f"{usage.model}: {tokens}: {cost}" + (", simulated" if usage.simulated else "")


def _times(answer: Answer) -> Iterator[str]:
    if answer.first_s is not None:
        count = len(answer.shown)
        pieces = f"{count} preview" + ("s" if count != 1 else "")
        yield f"{pieces}, the first after {answer.first_s * 1000:.0f} ms"
    yield f"{answer.took_s * 1000:.1f} ms"
    yield f"trace {answer.trace_id}"

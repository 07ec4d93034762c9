"""The outcomes of this tier: a reply with its sources, or a route with evidence."""

from collections.abc import Iterable, Sequence

from events.context import Context, Option, Question
from events.reply import Reply, Source
from events.route import Finding, Route
from events.task import Task
from events.tier import Tier
from events.turn import Turn
from playbook.series import Series


def sources_of(series: Iterable[Series], *, stock: bool = False) -> tuple[Source, ...]:
    """Where facts of these series come from; `stock` adds the shop's stock of the first."""
    found = tuple(series)
    told = [Source(kind="catalogue", ref=one.id, title=one.title) for one in found]
    if stock:
        told.append(Source(kind="stock", ref=found[0].id, title=found[0].title))
    return tuple(told)


def options_of(series: Iterable[Series]) -> tuple[Option, ...]:
    """The series to choose from, as the customer reads them."""
    return tuple(Option(value=one.id, label=one.title) for one in series)


def left(turn: Turn, entities: dict[str, str | None], question: Question | None = None) -> Context:
    """The context after the turn; an entity of None is forgotten."""
    merged = {**turn.context.entities, **entities}
    kept = {name: value for name, value in merged.items() if value is not None}
    use_case = turn.decision.use_case if turn.decision else turn.context.use_case
    update = {"use_case": use_case, "question": question, "entities": kept}
    return turn.context.model_copy(update=update)


def routed(turn: Turn, task: Task, findings: Sequence[Finding], fallback: Reply) -> Route:
    """On to the models' tier, with evidence and what to say without it."""
    assert turn.decision is not None
    return Route(
        tier=Tier.LLM,
        decision=turn.decision,
        fallback=fallback,
        findings=tuple(findings),
        task=task,
    )

"""Whether a turn came to what was promised. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from classifier.decide import first_tier
from devkit.conversation import Answer
from devkit.demo.script import Line, Promise
from events.reply import Reply
from events.tier import Tier
from playbook.shop import Shop
from playbook.use_case import Size


@dataclass(frozen=True)
class Told:
    """One line of a session and its answer; None when there was none in time."""

    line: Line
    answer: Answer | None
    session_id: str = ""


def way_of(reply: Reply, shop: Shop) -> tuple[Tier, ...]:
    """The tiers that a turn passed: where its decision led, and which one answered."""
    if reply.decision is None:
        return ()
    first = first_tier(reply.decision, shop)
    return (first,) if reply.tier in (None, first) else (first, reply.tier)


def model_of(reply: Reply, shop: Shop) -> Size | None:
    """Which of the two models was called; the big one where both were."""
    called = {usage.model for usage in reply.usage}
    sizes = (Size.BIG, Size.SMALL)
    return next((size for size in sizes if shop.prices.chosen[size] in called), None)


def wrong(told: Told, shop: Shop) -> list[str]:
    """What was promised of a turn and did not happen, one sentence each."""
    if told.answer is None:
        return ["no reply"]
    promise, reply = told.line.promise, told.answer.reply
    found = [*_wrong_way(promise, reply, shop), *_wrong_words(promise, reply)]
    if promise.previews and told.answer.first_s is None:
        found.append("nothing was shown while the model wrote")
    return found


def _wrong_way(promise: Promise, reply: Reply, shop: Shop) -> Iterator[str]:
    way, model = way_of(reply, shop), model_of(reply, shop)
    if reply.use_case != promise.use_case:
        yield f"taken for {reply.use_case}, not {promise.use_case}"
    if way != promise.way:
        yield f"went to {named(way)}, not to {named(promise.way)}"
    if model is not promise.model:
        yield f"called {model or 'no'} model, not {promise.model or 'none'}"
    if reply.status is not promise.status:
        yield f"ended {reply.status} ({reply.reason}), not {promise.status}"
    if reply.degraded:
        yield f"was answered without {', '.join(reply.degraded)}"


def _wrong_words(promise: Promise, reply: Reply) -> Iterator[str]:
    for words in promise.says:
        if words.lower() not in reply.text.lower():
            yield f"does not say {words!r}"
    if bool(reply.text.strip()) is promise.silent:
        yield "is not silent" if promise.silent else "has no words"
    if missing := promise.sources - {source.kind for source in reply.sources}:
        yield f"names no source of kind {', '.join(sorted(missing))}"


def named(way: tuple[Tier, ...]) -> str:
    """`rag → llm`; `no tier` for none."""
    return " → ".join(way) or "no tier"

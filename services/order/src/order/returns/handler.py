"""One turn of a dialogue about a return: look, move, say, and open what was agreed to."""

from collections.abc import Sequence
from typing import Protocol

from events.context import Context, Question
from events.envelope import Identity
from events.reply import Reply, Source
from events.route import Route
from events.task import Task
from events.tier import Tier
from events.turn import Turn
from order.returns.desk import ReturnDesk, Words
from order.returns.facts import Opened, Shelf
from order.returns.hearing import Said
from order.returns.machine import Ask, Left, Move, Ready, Refused, move
from order.returns.window import days
from order.returns.wish import FLOW, Dialogue, Kind, Wish
from worker.handler import Outcome

ORDER_ID = "order_id"
WARMTH_S = 1.5
"""How long a customer waits for a kinder wording before the plain one goes out."""

NO_MODEL = ("closed:llm", "away:llm", "switch:", "breaker:", "quota:")
"""Overlays that say that the small model is not to be had."""


class Returning(Protocol):
    """What the dialogue needs of the repository."""

    async def look_up_returns(self, turn: Turn, identity: Identity, asked_for: str | None) -> Shelf:
        """See `order.repository.Repository.look_up_returns`."""
        ...

    async def open_return(
        self, turn: Turn, identity: Identity, wish: Wish, days: int
    ) -> Opened | None:
        """See `order.repository.Repository.open_return`."""
        ...


async def answer(turn: Turn, identity: Identity, orders: Returning, desk: ReturnDesk) -> Outcome:
    """The next word of the dialogue, plain or on its way to be warmed.

    A turn that opened a return says so again, whatever it would lead to now. Raises Unavailable
    when Postgres is away.
    """
    dialogue = Dialogue.of(turn.context.flow)
    said = Said(turn.text, turn.slots, _asked(turn.context.question))
    asked_for = _order_asked_for(said, dialogue)
    shelf = await orders.look_up_returns(turn, identity, asked_for)
    if identity.customer_id is None:
        return turn.reply(desk.sign_in())
    if shelf.opened:
        return _done(turn, shelf.opened, desk)
    moved = move(dialogue, said, shelf, desk.terms)
    if not isinstance(moved, Ready):
        return _said(turn, moved, shelf, desk)
    wish = moved.wish
    opened = await orders.open_return(
        turn, identity, wish, days(wish.kind or Kind.PARCEL, desk.terms)
    )
    if opened:
        return _done(turn, opened, desk)
    # Another turn was faster, or the last day is over: the rows as they are now say which.
    shelf = await orders.look_up_returns(turn, identity, wish.order_id)
    return _said(turn, move(dialogue, Said(""), shelf, desk.terms), shelf, desk)


def _asked(question: Question | None) -> str | None:
    """The slot of the dialogue's own question; one of an aside is none of its."""
    return question.slot if question and question.use_case == FLOW else None


def _order_asked_for(said: Said, dialogue: Dialogue) -> str | None:
    """The order to be looked up by its number, beside the newest ones."""
    named, known = said.slots.get(ORDER_ID), dialogue.wish.order_id
    return named if named and (known is None or said.names(named)) else known


def _said(turn: Turn, moved: Move, shelf: Shelf, desk: ReturnDesk) -> Outcome:
    match moved:
        case Ask(dialogue):
            words = desk.asked(moved, shelf, opening=Dialogue.of(turn.context.flow).state is None)
            question = desk.question(moved, shelf)
            left = _left(turn, dialogue.wish.order_id, dialogue, question)
            shown = [option.value for option in question.options if question.slot == ORDER_ID]
            return _warmed(turn, words, _about(shown or [dialogue.wish.order_id]), left, desk)
        case Refused(order=order):
            labels = [item.label_no for item in moved.items if item.label_no]
            sources = (*_about([order.order_id if order else None]), *_returns(labels))
            left = _left(turn, order.order_id if order else None)
            return _warmed(turn, desk.refused(moved, shelf), sources, left, desk)
        case Left():
            return _warmed(turn, desk.left(), (), _left(turn, None), desk)
        case Ready():
            raise AssertionError("what is agreed to was opened, or found to be impossible")


def _done(turn: Turn, opened: Opened, desk: ReturnDesk) -> Outcome:
    sources = (*_about([opened.order_id]), *_returns([opened.label_no]))
    return _warmed(turn, desk.done(opened), sources, _left(turn, opened.order_id), desk)


def _warmed(
    turn: Turn, words: Words, sources: tuple[Source, ...], left: Context, desk: ReturnDesk
) -> Reply | Route:
    """The plain reply, or the way to a kinder one with the plain reply to fall back on."""
    reply = turn.reply(words.text, sources=sources, leaves=left)
    decision = turn.decision
    if decision is None or not desk.warms(words.template):
        return reply
    if any(overlay.startswith(NO_MODEL) for overlay in decision.overlays):
        return reply
    return Route(
        tier=Tier.LLM, decision=decision, fallback=reply, task=Task.WARM, within_s=WARMTH_S
    )


def _left(
    turn: Turn,
    order_id: str | None,
    dialogue: Dialogue | None = None,
    question: Question | None = None,
) -> Context:
    """The context after the turn: the dialogue as far as it is, or none."""
    entities = turn.context.entities | ({ORDER_ID: order_id} if order_id else {})
    flow = dialogue.flow() if dialogue else None
    update = {"use_case": FLOW, "flow": flow, "question": question, "entities": entities}
    return turn.context.model_copy(update=update)


def _about(order_ids: Sequence[str | None]) -> tuple[Source, ...]:
    return tuple(Source(kind="order", ref=one, title=f"Order #{one}") for one in order_ids if one)


def _returns(label_nos: list[str]) -> tuple[Source, ...]:
    return tuple(
        Source(kind="return", ref=one, title=f"Return {one}") for one in dict.fromkeys(label_nos)
    )

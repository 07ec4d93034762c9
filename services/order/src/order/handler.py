"""Speaks of own orders, charges and returns: facts by rows, identity by the envelope."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from events.context import Context, Question
from events.envelope import BadEnvelope, Identity, KeyOf, identify
from events.reply import Reply, Source
from events.turn import Turn
from order.desk import Desk
from order.facts import Found, Order
from order.repository import Wanted
from order.returns.handler import Returning, answer
from worker.handler import Outcome, Rejected

ORDER_ID = "order_id"
WHICH = "which"


class Orders(Returning, Protocol):
    """What the handler needs of the repository."""

    async def look_up(self, turn: Turn, identity: Identity, use_case: str, want: Wanted) -> Found:
        """See `order.repository.Repository.look_up`."""
        ...


Answer = Callable[[Turn, Identity, Orders, Desk], Awaitable[Outcome]]
Tell = Callable[[Turn, Found, Desk], Reply]


async def handle(turn: Turn, *, orders: Orders, desk: Desk, key_of: KeyOf) -> Outcome:
    """The state of an order, the charges of one or of the newest, or the next word on a return.

    Raises Rejected for an envelope that does not vouch for the turn or a turn without a decision,
    Unavailable when Postgres is away; KeyError for a use case whose answer is none of this tier's.
    """
    use_case = _use_case(turn)
    try:
        identity = identify(turn, key_of)
    except BadEnvelope as bad:
        raise Rejected(bad.reason, str(bad)) from bad
    return await ANSWERS[desk.answer(use_case)](turn, identity, orders, desk)


def _looking(tell: Tell, *, newest: bool = False) -> Answer:
    """The answer that one look at the orders gives: at the one named, else at the open ones, or at
    the newest ones, and noted under the turn's own use case."""

    async def looked(turn: Turn, identity: Identity, orders: Orders, desk: Desk) -> Outcome:
        want = _wanted(turn, newest)
        found = await orders.look_up(turn, identity, _use_case(turn), want)
        if identity.customer_id is None:
            return turn.reply(desk.sign_in())
        if want.order_id and not found.orders:
            return turn.reply(desk.unknown(want.order_id))
        return tell(turn, found, desk)

    return looked


async def _returning(turn: Turn, identity: Identity, orders: Orders, desk: Desk) -> Outcome:
    return await answer(turn, identity, orders, desk.returns)


def _use_case(turn: Turn) -> str:
    """The use case that a routed turn was decided to be."""
    if turn.decision is None:
        raise Rejected("invalid_event", "a routed turn carries a decision; this one has none")
    return turn.decision.use_case


def _wanted(turn: Turn, newest: bool) -> Wanted:
    order_id = turn.slots.get(ORDER_ID)
    all_asked = newest or turn.slots.get(WHICH) == "all"
    return Wanted(order_id=order_id, open_only=order_id is None and not all_asked)


def _tracking(turn: Turn, found: Found, desk: Desk) -> Reply:
    orders = found.orders
    if not orders:
        return turn.reply(desk.none_open())
    if len(orders) == 1:
        return _about(turn, orders, desk.state(found))
    if turn.slots.get(WHICH) == "all":
        return _about(turn, orders, desk.listed(orders), _question(turn, orders, desk))
    return _about(turn, orders, desk.which(orders), _question(turn, orders, desk))


def _billing(turn: Turn, found: Found, desk: Desk) -> Reply:
    return _about(turn, found.orders, desk.charges(found.orders))


def _question(turn: Turn, orders: Sequence[Order], desk: Desk) -> Question:
    return Question(use_case=_use_case(turn), slot=ORDER_ID, options=desk.options(orders))


def _about(
    turn: Turn, orders: Sequence[Order], text: str, question: Question | None = None
) -> Reply:
    sources = tuple(
        Source(kind="order", ref=order.order_id, title=f"Order #{order.order_id}")
        for order in orders
    )
    return turn.reply(text, sources=sources, leaves=_left(turn, orders, question))


def _left(turn: Turn, orders: Sequence[Order], question: Question | None) -> Context:
    """The context after the answer: the one order that was talked about is remembered."""
    subject = {ORDER_ID: orders[0].order_id} if len(orders) == 1 else {}
    entities = turn.context.entities | subject
    update = {"use_case": _use_case(turn), "question": question, "entities": entities}
    return turn.context.model_copy(update=update)


ANSWERS: Mapping[str, Answer] = {
    "order_tracking": _looking(_tracking),
    "billing": _looking(_billing, newest=True),
    "returns": _returning,
}
"""By name. A use case of the playbook gives the one that it is called like, or `answers_as`."""

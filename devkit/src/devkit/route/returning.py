"""The dialogue of returns that a history leaves open, as the order tier would keep it."""

import re

from devkit.route.asked import ORDER_ID, items
from events.context import Flow, Option, Question
from order.returns.desk import SLOTS
from order.returns.telling import ALL, line_value
from order.returns.wish import FLOW, Choice, Dialogue, State, Wish
from playbook.shop import Shop

OF_RETURNS = re.compile(
    r"\b(?:open|start|set up|book|register|arrange) (?:the|a|an|your|this) (?:return|exchange)\b"
    r"|\b(?:want|like|wish|need|going) to (?:return|send back|exchange)\b"
    r"|\byou(?: are|'re)? (?:returning|sending (?:it|them|this|that) back)\b"
    r"|\bwhy (?:are you|do you want to) (?:return|send)",
    re.IGNORECASE,
)
"""What only the dialogue of returns asks."""

ASKS = re.compile(r"\?|\bsay yes\b|\b(?:tell|send|give) me\b|\blet me know\b", re.IGNORECASE)
STATES: tuple[tuple[State, re.Pattern[str]], ...] = tuple(
    (state, re.compile(pattern, re.IGNORECASE))
    for state, pattern in (
        (
            State.CONFIRM,
            r"\bsay yes\b|\bis (?:this|that|it|all of (?:this|that)) (?:right|correct|ok(?:ay)?)\b"
            r"|\b(?:shall|should) i\b|\b(?:do you want|would you like) me to\b|\bconfirm\b",
        ),
        (State.INSTEAD, r"\bwhich volume\b.{0,60}\binstead\b"),
        (
            State.CHOICE,
            r"\b(?:refund|money back)\b.{0,40}\b(?:exchange|replace\w*|swap|another copy)\b"
            r"|\b(?:exchange|replace\w*|swap|another copy)\b.{0,40}\b(?:refund|money back)\b",
        ),
        (State.REASON, r"\breason\b|\bwhy\b|\bwhat(?:'s| is| was) wrong\b"),
        (State.ITEM, r"\bwhich (?:of the )?(?:books?|volumes?|items?|manga|series|title)\b"),
        (
            State.ORDER,
            r"\bwhich (?:\w+ )?order\b|\border (?:number|id|no)\b|\bis it about this one\b",
        ),
    )
)


def is_open_after(reply: str) -> bool:
    """Whether a reply by itself tells that a return is being talked about, and asks on."""
    return OF_RETURNS.search(reply) is not None and ASKS.search(reply) is not None


def reopened(reply: str, order_id: str | None, shop: Shop) -> tuple[Flow | None, Question | None]:
    """The dialogue after this reply to a turn of it, and what it asked, where that is told.

    A reply that asks nothing has ended it. One that is not known leaves it open, as it mostly is.
    """
    if reply and not ASKS.search(reply):
        return None, None
    lines = items(reply)
    state = next((state for state, words in STATES if words.search(reply)), None)
    state = state or (_of_list(lines, shop) if lines else None)
    dialogue = Dialogue(state=state, wish=Wish(order_id=order_id))
    if state is None:
        return dialogue.flow(), None
    options = _options(state, lines, shop)
    return dialogue.flow(), Question(use_case=FLOW, slot=SLOTS[state], options=options)


def _of_list(lines: tuple[str, ...], shop: Shop) -> State:
    """What a list asks for where the words beside it do not tell: orders, else books."""
    orders = all(shop.find_slots(line).get(ORDER_ID) for line in lines)
    return State.ORDER if orders else State.ITEM


def _options(state: State, lines: tuple[str, ...], shop: Shop) -> tuple[Option, ...]:
    terms = shop.returns
    match state:
        case State.ORDER:
            found = ((shop.find_slots(line).get(ORDER_ID), line) for line in lines)
            return tuple(Option(value=value, label=line) for value, line in found if value)
        case State.ITEM:
            return tuple(Option(value=_line(at, one), label=one) for at, one in enumerate(lines, 1))
        case State.REASON:
            return tuple(Option(value=one.id, label=one.label) for one in terms.reasons)
        case State.CHOICE:
            refund = Option(value=Choice.REFUND, label=terms.refund.label)
            return refund, Option(value=Choice.EXCHANGE, label=terms.exchange.label)
        case State.CONFIRM:
            return Option(value="yes", label="yes"), Option(value="no", label="no")
        case _:
            return ()


def _line(number: int, label: str) -> str:
    return ALL if label.lower() in ("both of them", "all of them") else line_value(number)

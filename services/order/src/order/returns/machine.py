"""The states of a dialogue about a return, and what leads from one to the next. Pure.

The wish is filled from what was said; the first thing that is still missing is asked for. Nothing
is opened but a whole wish that was summed up, and agreed to as it was summed up. `open_return` in
the database checks all of it again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from order.returns.facts import Bought, Item, Shelf
from order.returns.hearing import NONE, Said, consent
from order.returns.telling import told
from order.returns.window import candidates, kind_of, offers
from order.returns.wish import Choice, Dialogue, State, Wish
from playbook.returns import Returns


class Why(StrEnum):
    """Why an order or a book cannot be returned."""

    NOTHING = "nothing"
    UNKNOWN = "unknown"
    NOT_HERE = "not_here"
    ALREADY = "already"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class Refused:
    """Not possible: `order_id` is what was asked for, `order` its row, `items` its books."""

    why: Why
    order_id: str | None = None
    order: Bought | None = None
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Ask:
    """Ask for what the dialogue's state names. `after`: why what was asked for first cannot be."""

    dialogue: Dialogue
    after: Refused | None = None


@dataclass(frozen=True)
class Ready:
    """Whole and agreed to: open it."""

    wish: Wish


@dataclass(frozen=True)
class Left:
    """The customer has left the dialogue; nothing was done."""


Move = Ask | Refused | Ready | Left

ELSEWHERE = frozenset({Why.UNKNOWN, Why.NOT_HERE, Why.TOO_LATE})
"""What holds of one order and leaves the customer's others to choose from."""


def move(dialogue: Dialogue, said: Said, shelf: Shelf, terms: Returns) -> Move:
    """What a turn leads to."""
    # A return was opened, and the customer never heard so: nothing else may be said before that.
    if taken := _taken(dialogue.wish, shelf):
        return taken
    if said.leaves:
        return Left()
    wish = settled(told(dialogue, said, shelf, terms), shelf, terms)
    if refused := refusal(wish, shelf, terms):
        return _refused(refused, wish, shelf, terms)
    state, answer = missing(wish, terms), consent(said)
    # A wish that this very turn changed was not what the customer agreed to, or refused.
    same = state is dialogue.state and wish.having(words="") == dialogue.wish.having(words="")
    if same and (answer is False or (state is State.ORDER and NONE.match(said.plain))):
        return Left()
    if same and answer and state is State.CONFIRM:
        return Ready(wish)
    return Ask(Dialogue(state=state, wish=wish, again=same))


def settled(wish: Wish, shelf: Shelf, terms: Returns) -> Wish:
    """The wish with everything filled in that has only one possible answer."""
    order = shelf.order(wish.order_id)
    if order is None or not order.here:
        return wish
    if not wish.lines and len(order.left) == 1:
        wish = wish.having(lines=(order.left[0].line_no,))
    kind = kind_of(order, shelf.today, wish.reason, terms) if wish.reason else None
    return _offered(wish.having(kind=kind), order.items(wish.lines), terms)


def _offered(wish: Wish, items: tuple[Item, ...], terms: Returns) -> Wish:
    """The wish with a choice that is on offer, and with no volume in exchange where none comes."""
    on_offer = offers(wish.reason, items, terms)
    if items and wish.reason and len(on_offer) == 1:
        wish = wish.having(choice=on_offer[0])
    none_comes = wish.choice is not None and not _swaps(wish, terms)
    if none_comes or wish.instead in {item.volume for item in items}:
        wish = wish.having(instead=None)
    return wish


def refusal(wish: Wish, shelf: Shelf, terms: Returns) -> Refused | None:
    """Why the wish cannot be fulfilled, as far as it is known."""
    order = shelf.order(wish.order_id)
    if wish.order_id is None:
        return None if candidates(shelf, wish.reason, terms) else _nothing(shelf)
    if order is None:
        return Refused(Why.UNKNOWN, wish.order_id)
    if not order.here:
        return Refused(Why.NOT_HERE, order.order_id, order)
    if taken := _taken(wish, shelf):
        return taken
    if not order.left:
        return Refused(Why.ALREADY, order.order_id, order, order.lines)
    if kind_of(order, shelf.today, wish.reason, terms) is None:
        return Refused(Why.TOO_LATE, order.order_id, order)
    return None


def _taken(wish: Wish, shelf: Shelf) -> Refused | None:
    """The refusal that names the books of the wish that are in a return already."""
    order = shelf.order(wish.order_id)
    items = order.items(wish.lines) if order else ()
    gone = tuple(item for item in items if item.label_no)
    return Refused(Why.ALREADY, wish.order_id, order, gone) if gone else None


def _nothing(shelf: Shelf) -> Refused:
    """Why no order can be returned: told by the newest one that was delivered."""
    order = next((order for order in shelf.orders if order.here), None)
    if order is None:
        return Refused(Why.NOTHING)
    if not order.left:
        return Refused(Why.ALREADY, order.order_id, order, order.lines)
    return Refused(Why.TOO_LATE, order.order_id, order)


def _refused(refused: Refused, wish: Wish, shelf: Shelf, terms: Returns) -> Move:
    """The refusal; with the question for another order where one order alone is meant."""
    rest = wish.having(order_id=None, lines=(), kind=None)
    if refused.why not in ELSEWHERE or wish.order_id is None:
        return refused
    if not candidates(shelf, wish.reason, terms):
        return refused
    return Ask(Dialogue(state=State.ORDER, wish=rest), after=refused)


def _swaps(wish: Wish, terms: Returns) -> bool:
    """Whether another volume is to come. What was damaged is sent again as it was."""
    reason = terms.reason(wish.reason)
    return wish.choice is Choice.EXCHANGE and not (reason and reason.damaged)


STEPS: tuple[tuple[State, Callable[[Wish, Returns], bool]], ...] = (
    (State.ORDER, lambda wish, _: wish.order_id is None),
    (State.ITEM, lambda wish, _: not wish.lines),
    (State.REASON, lambda wish, _: wish.reason is None),
    (State.CHOICE, lambda wish, _: wish.choice is None),
    (State.INSTEAD, lambda wish, terms: _swaps(wish, terms) and wish.instead is None),
)
"""What is asked for, in this order, while it is missing."""


def missing(wish: Wish, terms: Returns) -> State:
    """The first thing that is still missing; CONFIRM where nothing is."""
    return next((state for state, lacks in STEPS if lacks(wish, terms)), State.CONFIRM)

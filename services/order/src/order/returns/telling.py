"""From what a turn says to what is then known of the wish. Pure."""

from order.returns.books import first_number, named, place
from order.returns.facts import Bought, Shelf
from order.returns.hearing import OTHER_ORDER, Said, choice_in, reason_in
from order.returns.window import candidates
from order.returns.wish import Choice, Dialogue, State, Wish
from playbook.returns import Returns

REMEMBERED_CHARACTERS = 300
ALL = "all"
"""The value of the option that means every book of the order."""


def told(dialogue: Dialogue, said: Said, shelf: Shelf, terms: Returns) -> Wish:
    """The wish with what the turn tells. What is told later counts."""
    wish = dialogue.wish
    wish = wish.having(reason=_reason(dialogue, said, terms) or wish.reason)
    wish = wish.having(choice=_choice(said, terms) or wish.choice)
    wish = _ordered(dialogue, wish, said, candidates(shelf, wish.reason, terms))
    if order := shelf.order(wish.order_id):
        return _itemised(dialogue, wish, said, order)
    words = f"{wish.words} {said.plain} {said.hint}".strip()
    return wish.having(words=words[-REMEMBERED_CHARACTERS:])


def line_value(number: int) -> str:
    """The value of the option that is one line: no plain number, which could be a volume's."""
    return f"line{number}"


def _reason(dialogue: Dialogue, said: Said, terms: Returns) -> str | None:
    bound, rest = terms.reason(said.slots.get("return_reason")), terms.reasons[-1].id
    found = bound.id if bound else reason_in(said.plain, terms)
    if dialogue.state is not State.REASON:
        # "None of these" says something about reasons only where these were asked for.
        return None if found == rest else found
    # Asked twice and answered twice: whatever it is, it is a reason.
    return rest if found is None and dialogue.again and said.plain else found


def _choice(said: Said, terms: Returns) -> Choice | None:
    bound = said.slots.get("return_choice")
    return Choice(bound) if bound in set(Choice) else choice_in(said.plain, terms)


def _ordered(dialogue: Dialogue, wish: Wish, said: Said, open_to: tuple[Bought, ...]) -> Wish:
    """The wish with the order that the turn names. Of another order nothing else is known yet."""
    order_id = _order_named(dialogue, said, open_to) or _order_meant(wish, said, open_to)
    if order_id is None and wish.order_id is None and dialogue.state is State.ORDER:
        at = place(said.plain, len(open_to))
        order_id = None if at is None else open_to[at].order_id
    if order_id is None and wish.order_id is None and len(open_to) == 1:
        order_id = open_to[0].order_id
    another = len(open_to) > 1 and OTHER_ORDER.search(said.plain)
    if order_id in (None, wish.order_id) and not (order_id is None and another):
        return wish
    return wish.having(order_id=order_id, lines=(), kind=None)


def _order_named(dialogue: Dialogue, said: Said, open_to: tuple[Bought, ...]) -> str | None:
    """The order that stands in the text, or the one that "it" can mean.

    What the session talked about counts only while no order is known, and only where it can be
    returned, or nothing else can.
    """
    order_id = said.slots.get("order_id")
    if order_id is None or said.names(order_id):
        return order_id
    asked = dialogue.state in (None, State.ORDER)
    known = not open_to or order_id in {order.order_id for order in open_to}
    return order_id if asked and known else None


def _order_meant(wish: Wish, said: Said, open_to: tuple[Bought, ...]) -> str | None:
    """The one order that a text can mean: the only other one, or the only one with its books."""
    if wish.order_id:
        others = [order.order_id for order in open_to if order.order_id != wish.order_id]
        return others[0] if len(others) == 1 and OTHER_ORDER.search(said.plain) else None
    for text in (said.plain, said.hint):
        found = [(order.order_id, named(text, order)) for order in open_to]
        meant = [one for one, books in found if books.lines or books.titled]
        if len(meant) == 1:
            return meant[0]
    return None


def _itemised(dialogue: Dialogue, wish: Wish, said: Said, order: Bought) -> Wish:
    """The wish with the books that were named, now or before the order was known."""
    if dialogue.state is State.INSTEAD and dialogue.wish.order_id == wish.order_id:
        return wish.having(instead=first_number(said.plain) or wish.instead, words="")
    asked = dialogue.state is State.ITEM
    now = named(said.plain, order, by_place=asked)
    before = () if wish.lines else (named(wish.words, order), named(said.hint, order))
    lines = next((one.lines for one in (now, *before) if one.lines), wish.lines)
    others = now.others if now.lines or wish.choice is Choice.EXCHANGE else ()
    instead = now.instead or (others[0] if len(others) == 1 else wish.instead)
    return wish.having(lines=_bound(said, order) or lines, instead=instead, words="")


def _bound(said: Said, order: Bought) -> tuple[int, ...]:
    """The lines of the option that the classifier took the turn for."""
    value = said.slots.get("return_item")
    if value == ALL:
        return tuple(item.line_no for item in order.left)
    return tuple(item.line_no for item in order.left if line_value(item.line_no) == value)

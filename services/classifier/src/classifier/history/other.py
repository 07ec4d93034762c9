"""What "the other one" means: of two things that were talked about, the one not meant last."""

from collections.abc import Iterator, Mapping

from classifier.history.mentions import books_in, orders_in
from classifier.history.subject import ORDER_ID, SERIES, TITLE, VOLUME
from classifier.history.wanted import concerned
from events.context import Context
from playbook.shop import Shop


def other_of(shop: Shop, context: Context) -> dict[str, str] | None:
    """The only other order, or else book, of the last exchanges; None where there are more."""
    known = context.entities
    if ORDER_ID in known and concerned(shop, context.use_case or "", {ORDER_ID: ""}):
        orders = _told(shop, context, (ORDER_ID,))
        return _left(orders, {ORDER_ID: known[ORDER_ID]})
    kept = {name: known[name] for name in (SERIES, TITLE, VOLUME) if name in known}
    return _left(_told(shop, context, (SERIES, TITLE)), kept) if kept else None


def _told(shop: Shop, context: Context, kinds: tuple[str, ...]) -> list[Mapping[str, str]]:
    """Every order or book of the exchanges that are remembered, each once."""
    found: list[Mapping[str, str]] = []
    for slots in _slots(shop, context, orders=ORDER_ID in kinds):
        if slots not in found:
            found.append(slots)
    return found


def _slots(shop: Shop, context: Context, *, orders: bool) -> Iterator[Mapping[str, str]]:
    for one in context.recent:
        for text in (one.said, one.replied):
            if orders:
                yield from ({ORDER_ID: value} for value in _ids(shop, text))
            else:
                yield from (mention.slots for mention in books_in(shop, text))


def _ids(shop: Shop, text: str) -> Iterator[str]:
    """Order ids as customers and shops write them."""
    found = {one.slots[ORDER_ID] for one in orders_in(shop, text)}
    yield from sorted(found | {shop.find_slots(text).get(ORDER_ID, "")} - {""})


def _left(told: list[Mapping[str, str]], meant: Mapping[str, str]) -> dict[str, str] | None:
    """The one that is left once what was meant, or less than it, is taken out."""
    left = [one for one in told if not one.items() <= meant.items()]
    return dict(left[0]) if len(left) == 1 else None

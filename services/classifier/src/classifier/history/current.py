"""What the last exchange was about, where the session's memory lags behind its words."""

from classifier.history.subject import ORDER_ID, SERIES, TITLE, VOLUME
from classifier.history.told import BOOK, Told, books_told, salient
from classifier.history.wanted import SUGGESTS, kinds_of
from events.context import Context
from playbook.shop import Shop


def with_current(shop: Shop, context: Context) -> Context:
    """The session with the only book of its last exchange as the one talked about.

    Not after a suggestion, nor where the matter is an order's: there a book is told on the way.
    """
    kinds = kinds_of(shop, context.use_case)
    if not context.recent or context.use_case == SUGGESTS or SERIES not in kinds:
        return context
    if ORDER_ID in kinds or context.flow:
        return context
    newest = context.model_copy(update={"recent": context.recent[-1:]})
    return _seen(context, books_told(shop, newest))


def _seen(context: Context, told: tuple[Told, ...]) -> Context:
    book, known = salient(told, {}), context.entities
    same = [name for name in (SERIES, TITLE) if name in book and book[name] == known.get(name)]
    if not book or (same and (VOLUME in known or VOLUME not in book)):
        return context
    kept = {name: value for name, value in known.items() if name not in BOOK}
    return context.model_copy(update={"entities": kept | book})

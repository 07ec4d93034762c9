"""What a suggestion leaves to talk about: the one book that it named."""

from classifier.history.mentions import books_in
from classifier.history.subject import SERIES, TITLE, VOLUME
from classifier.history.wanted import SUGGESTS
from events.context import Context
from playbook.shop import Shop


def with_suggested(shop: Shop, context: Context) -> Context:
    """The session with the only book of the last suggestion as the one talked about.

    Of several, none is: then the customer has to choose.
    """
    if context.use_case != SUGGESTS or not context.recent:
        return context
    books = books_in(shop, context.recent[-1].replied)
    series = {one.slots.get(SERIES) or one.slots[TITLE] for one in books}
    if len(series) != 1:
        return context
    others = {name: value for name, value in context.entities.items() if name not in BOOK}
    return context.model_copy(update={"entities": others | dict(books[0].slots)})


BOOK = frozenset({SERIES, TITLE, VOLUME})

"""The order, series or volume that a decided turn is about: its own, or the session's."""

from collections.abc import Mapping
from dataclasses import replace

from classifier.choice import Choice
from classifier.history.elliptic import (
    compares,
    is_elliptic,
    is_of_order,
    names_title,
    titles_said,
)
from classifier.history.filling import LONGEST, filled, surely_titled
from classifier.history.leaning import refers_back
from classifier.history.pointing import pointed
from classifier.history.subject import ORDER_ID, SERIES, TITLE, VOLUME, meant
from classifier.history.wanted import SUGGESTS, of_matter
from classifier.manifest import OUT_OF_SCOPE
from events.context import Context
from events.decision import Evidence
from events.tier import Tier
from playbook.shop import Shop

BOOK = frozenset({SERIES, TITLE, VOLUME})
THINGS = BOOK | {ORDER_ID}


def with_things(shop: Shop, choice: Choice, context: Context, text: str) -> Choice:
    """Slots in the text count first; what the session talked about fills in for "it".

    Not in a dialogue: there "it" is the dialogue's own, and its tier knows what that is. Nor
    where the turn is out of scope, and so is about nothing of the sort.
    """
    elsewhere = choice.by is Evidence.FLOW or choice.use_case == OUT_OF_SCOPE
    if elsewhere:
        return replace(choice, slots=shop.find_slots(text) | choice.slots)
    bound = choice.by is Evidence.QUESTION or bool(choice.slots.keys() & THINGS)
    told = {} if bound else _told(shop, choice, context, text)
    may = meant(context, choice.slots | told)
    remembered = may if refers_back(text) else _leans(shop, choice, text, may)
    own = told | shop.find_slots(text) | choice.slots
    own = _named(shop, choice, text, own) | own
    slots = filled(shop, context, text, choice.use_case, remembered | own, told=own)
    return replace(choice, slots=slots)


def _named(shop: Shop, choice: Choice, text: str, own: Mapping[str, str]) -> dict[str, str]:
    """The one title in a text that is about a book, where nothing has told it yet.

    Not for retrieval, which reads the text itself and asks where it is in doubt.
    """
    case = shop.use_cases.get(choice.use_case)
    if case is None or case.tier is Tier.RAG or len(text) > LONGEST or own.keys() & BOOK:
        return {}
    return of_matter(shop, choice.use_case, surely_titled(titles_said(shop, text), text))


def _told(shop: Shop, choice: Choice, context: Context, text: str) -> dict[str, str]:
    """The option or the volume that a text points at, where its use case is about such."""
    return of_matter(shop, choice.use_case, pointed(shop, context, text).slots)


def _leans(shop: Shop, choice: Choice, text: str, may: dict[str, str]) -> dict[str, str]:
    """What the session talked about, where a text names no thing itself."""
    leans = is_elliptic(shop, text) or is_of_order(shop, choice.use_case, text, may)
    leans = leans or (choice.use_case == SUGGESTS and compares(text))
    named = not leans or names_title(shop, text)
    return {} if named else of_matter(shop, choice.use_case, may)

"""A turn with the name of what it means in place of "it", for the model, which sees no history."""

import re

from classifier.history.elliptic import is_elliptic
from classifier.history.leaning import refers_back
from classifier.history.pointing import Pointed
from classifier.history.subject import ORDER_ID, SERIES, TITLE, VOLUME
from classifier.history.wanted import fitting
from classifier.spelling import plain
from events.context import Context
from playbook.shop import Shop

PRONOUN = re.compile(
    r"\b(?:that one|this one|those|these|them|it|that|this|there|the (?:whole|entire) thing)\b",
    re.IGNORECASE,
)
POINTED = re.compile(r"\bit\b")


def resolved(shop: Shop, context: Context, text: str, one: Pointed) -> str | None:
    """The text as it would stand without the session; None where it does not lean on it.

    `one` is what the text points at.
    """
    if one.slots:
        return _put_in(one.text, _name(dict(one.slots)), POINTED)
    name = _name(fitting(shop, context))
    if name is None or not (refers_back(text) or is_elliptic(shop, text)):
        return None
    return _put_in(plain(text), name, PRONOUN)


def _put_in(text: str, name: str | None, words: re.Pattern[str]) -> str | None:
    if name is None:
        return None
    found = words.search(text)
    return f"{text[: found.start()]}{name}{text[found.end() :]}" if found else f"{name}: {text}"


def _name(things: dict[str, str]) -> str | None:
    """An order by its number, a book by its title and volume."""
    if ORDER_ID in things:
        return f"order #{things[ORDER_ID]}"
    title = things.get(SERIES, "").replace("-", " ") or things.get(TITLE)
    return f"{title} {things[VOLUME]}" if title and VOLUME in things else title

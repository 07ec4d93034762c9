"""The last resort of binding: what a turn is about, by what the last exchanges spoke of.

It needs no wording of its own: a use case that is about a thing, in a turn that names none, is of
the thing that is hinted at, else of the only one that the session just spoke of. Binding wrongly
is worse than not at all: of two that fit alike none is taken.
"""

import re
from collections.abc import Container, Mapping

from classifier.english import is_trade
from classifier.history.elliptic import (
    ANOTHER,
    BROAD,
    OF_BOOKS,
    OF_ONE_ORDER,
    OF_ORDERS,
    SMALL,
    WORD,
    compares,
    titles_said,
)
from classifier.history.hint import Hint, hinted, item_named
from classifier.history.leaning import refers_back
from classifier.history.naming import words_of
from classifier.history.numerals import CARDINALS, ORDINALS, in_digits
from classifier.history.stated import volume_in_state
from classifier.history.subject import ORDER_ID, SERIES, TITLE, VOLUME
from classifier.history.told import BOOK, books_told, name_of, orders_told, salient
from classifier.history.volumes import volume_meant, volume_within
from classifier.history.wanted import SUGGESTS, kinds_of
from classifier.spelling import plain
from events.context import Context
from playbook.shop import Shop

LONGEST = 200
"""Characters: longer turns tell their own story."""

INDEFINITE = re.compile(
    r"\b(?:an?|any|some|all|every|another|new|more|other|which|what) (?:[\w-]+ ){0,2}"
    r"(?:mangas?|series|books?|comics?|titles?|stor(?:y|ies)|novels?|orders?|parcels?|packages?"
    r"|items?|things?|stuff|recommendations?|suggestions?|publishers?|authors?|genres?)\b"
    r"|\b(?:something|anything|somebody|anybody)\b"
    r"|\b(?:do|are|can) (?:you|u) (?:guys )?(?:sell|carry|stock|offer|accept|take|ship|have)\b"
    r"(?! (?:it|that|this|them|those|these|one)\b)",
    re.IGNORECASE,
)
"""Asks of things at large."""

REFERS = re.compile(
    r"^(?:and|but|or|so|also|what about|how about)\b"
    r"|\b(?:ones?|mine|there|here|both|another|last|next|previous|same|part|ending|cover|author"
    r"|artist|box|edition|order|parcel|package|money|refund)\b|\d",
    re.IGNORECASE,
)
CAPITAL = re.compile(r"(?<=[a-z,] )(?!I\b|I')[A-Z][\w'’-]+")
RETURNS = "returns"
SPACED = re.compile(r"\b([a-z]{2,3}) (\d{3,6})\b", re.IGNORECASE)
"""An order id that is typed with a space, where one was asked for."""

OF_ONE = frozenset({"product_info", "restock"})
"""Use cases of one named book: where a turn has no name, it was named before."""

DEFINITE = re.compile(r"\b(?:the|that|this|those|these)\b", re.IGNORECASE)
"""Of something in particular; without, the words may be a title that the catalogue lacks."""

UNKNOWN = 1
"""So many words that do not go with any book or order at most, where nothing refers back."""


def filled(
    shop: Shop,
    context: Context,
    text: str,
    use_case: str,
    slots: Mapping[str, str],
    told: Container[str],
) -> dict[str, str]:
    """The slots with the things that a turn of this use case is about, where it names none.

    `told` are the names of the slots that the turn told itself; others were only remembered.
    """
    kinds, found = kinds_of(shop, use_case), dict(slots)
    if not kinds or not context.recent or len(text) > LONGEST:
        return found
    hint = hinted(shop, context, text)
    if ORDER_ID in kinds:
        order = {} if ORDER_ID in found else _order(shop, context, text, use_case, hint)
        return _item(shop, context, text) | order | found
    if not (found.keys() & {SERIES, TITLE}) and ORDER_ID not in found:
        found |= _book(shop, context, text, use_case, hint)
    rest = in_digits(text.lower()).replace(hint.words, "") if hint else text
    return found if VOLUME in told else found | _volume(shop, context, text, rest, found)


def filled_within(shop: Shop, context: Context, text: str) -> dict[str, str]:
    """The order or the book that a turn of an open dialogue calls loosely, or by a part of it."""
    order = loose_order(shop, context, text)
    return {ORDER_ID: order} if order else _called(shop, context, text)


def loose_order(shop: Shop, context: Context, text: str) -> str | None:
    """An order id that is typed with a space, where one was asked for: there it is no price."""
    question = context.question
    if question is None or question.slot != ORDER_ID:
        return None
    return shop.find_slots(SPACED.sub(r"\1-\2", text)).get(ORDER_ID)


def _called(shop: Shop, context: Context, text: str) -> dict[str, str]:
    one = item_named(shop, context, text)
    own = {word for name in titles_said(shop, text) for word in words_of(name)}
    return dict(one.slots) if one and own <= words_of(name_of(one.slots)) else {}


def _order(
    shop: Shop, context: Context, text: str, use_case: str, hint: Hint | None
) -> dict[str, str]:
    if hint and ORDER_ID in hint.thing.slots:
        return dict(hint.thing.slots)
    said = plain(text)
    known = {ORDER_ID: context.entities[ORDER_ID]} if ORDER_ID in context.entities else {}
    near = known and ORDER_ID in kinds_of(shop, context.use_case)
    told = orders_told(shop, context)
    if BROAD.search(said) or ANOTHER.search(said) or not (told or near):
        return {}
    called = REFERS.search(said) or _called(shop, context, text)
    wide = use_case == RETURNS and bool(called)
    leans = wide or refers_back(text) or (use_case in OF_ONE_ORDER and _is_small(said))
    if INDEFINITE.search(said):
        return {}
    return salient(told, known) if leans else {}


def _item(shop: Shop, context: Context, text: str) -> dict[str, str]:
    """The book of an order, where a turn calls it by name or by its volume."""
    if one := _called(shop, context, text):
        return one
    if titles := titles_said(shop, text):
        return _titled(titles, text)
    told = books_told(shop, context)
    series = {one.slots.get(SERIES) for one in told[0]} if told else set()
    only = series.pop() if len(series) == 1 else None
    number = volume_within(in_digits(plain(text))) if only else None
    return {SERIES: only, VOLUME: number} if only and number else {}


def surely_titled(titles: Mapping[str, str], text: str) -> dict[str, str]:
    """The one title that a text names; a single word ("real") only as a name is written."""
    found = _titled(titles, text)
    name = next(iter(titles), "")
    written = " " in name or VOLUME in found or re.search(rf"\b{re.escape(name.title())}\b", text)
    return found if written else {}


def _titled(titles: Mapping[str, str], text: str) -> dict[str, str]:
    """The one title that a text names itself, with the volume that stands after it."""
    if len(titles) != 1:
        return {}
    [(name, series)] = titles.items()
    number = re.search(rf"{re.escape(name)}[ ,]+(?:vol(?:ume)?\.? ?|#)?(\d{{1,3}})\b", text.lower())
    return {SERIES: series} | ({VOLUME: number[1]} if number else {})


def _book(
    shop: Shop, context: Context, text: str, use_case: str, hint: Hint | None
) -> dict[str, str]:
    if hint and not hint.thing.slots.keys().isdisjoint(BOOK):
        return dict(hint.thing.slots)
    said = plain(text)
    if titles_said(shop, text) or CAPITAL.search(text) or not _may_be_of_one(said, use_case):
        return {}
    known = {name: context.entities[name] for name in BOOK if name in context.entities}
    return salient(books_told(shop, context), known)


def _may_be_of_one(text: str, use_case: str) -> bool:
    if use_case == SUGGESTS:
        return compares(text) or refers_back(text)
    if INDEFINITE.search(text):
        return False
    if use_case in OF_ONE and DEFINITE.search(text):
        return True
    return refers_back(text) or REFERS.search(text) is not None or _is_small(text)


def _is_small(text: str) -> bool:
    """Whether hardly a word of a text tells a thing of its own."""
    words = [word.lower() for word in WORD.findall(text) if not word.isdigit()]
    known = SMALL | OF_BOOKS | OF_ORDERS | CARDINALS.keys() | ORDINALS.keys()
    return sum(word not in known and not is_trade(word) for word in words) <= UNKNOWN


def _volume(
    shop: Shop, context: Context, text: str, rest: str, book: Mapping[str, str]
) -> dict[str, str]:
    """The volume that a text tells of its series, or the only one told to be so ("missing").

    `rest` is the text without the words that hint at the series.
    """
    if (SERIES not in book and TITLE not in book) or titles_said(shop, text):
        return {}
    said = in_digits(plain(rest))
    found = None if VOLUME in book else volume_meant(said, context.entities.get(VOLUME))
    number = found[0] if found else volume_within(said) or volume_in_state(context, text.lower())
    return {VOLUME: number} if number else {}

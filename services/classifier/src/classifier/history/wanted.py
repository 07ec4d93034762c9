"""What a text names by itself, and which use cases are about such things."""

import re
from collections.abc import Iterator, Mapping

from classifier.history.subject import ORDER_ID, SERIES, TITLE, VOLUME
from events.context import Context
from playbook.shop import Shop
from playbook.slot import tidy
from playbook.titles import Titles, folded

SUGGESTS = "recommendation"
"""The use case that takes what was talked about as a measure."""

NUMBERED = re.compile(
    r"^(?P<title>.*?)[ ,]*\b(?:volume|vol\.?|v|book|number|no\.?|part|#)? ?#?(?P<volume>\d{1,3})$",
    re.IGNORECASE,
)
WRAPPED = re.compile(
    r"^(?:(?:the|my|for|on|of|about|it's|its|a|that|order|number|series|manga|one|is) )*(.+?)"
    r"(?: (?:one|order|series|manga|please|then|too|as well|instead|though|now))*[ .!?,]*$",
    re.IGNORECASE,
)
EXAMPLE = re.compile(r"(?:\S+ ){1,4}\d{1,3}\b")


def named(shop: Shop, text: str) -> dict[str, str]:
    """The one order, series or volume that a text is, with nothing said of it; else nothing.

    "the ABC123 one" is an order id, "Monster", "vol. 5" and "Monster 5" are a series, a volume
    and both. A number alone is a volume.
    """
    wrapped = WRAPPED.match(tidy(text))
    if wrapped is None:
        return {}
    whole = tidy(text).strip(" .!?,")
    found: dict[str, str] = {}
    for thing in dict.fromkeys((whole, wrapped[1])):
        found = found or _order(shop, thing) or _book(titles_of(shop), thing)
    return found


def titles_of(shop: Shop) -> Titles:
    """The catalogue's names, as the shop's rules know them."""
    return next((rule.titles for rule in shop.rules if rule.titles), {})


def concerned(shop: Shop, use_case: str, slots: Mapping[str, str]) -> bool:
    """Whether turns of a use case are about such things, as its rules and its examples tell."""
    kind = ORDER_ID if ORDER_ID in slots else SERIES
    return kind in kinds_of(shop, use_case)


def fitting(shop: Shop, context: Context) -> dict[str, str]:
    """What the session remembers of what its use case is about."""
    return of_matter(shop, context.use_case, context.entities)


def of_matter(shop: Shop, use_case: str | None, things: Mapping[str, str]) -> dict[str, str]:
    """The orders, series, titles and volumes among things that a use case is about."""
    kinds = kinds_of(shop, use_case)
    kinds |= {VOLUME, TITLE} if SERIES in kinds else set()
    return {name: value for name, value in things.items() if name in kinds}


def kinds_of(shop: Shop, use_case: str | None) -> set[str]:
    """What turns of a use case are about: `order_id`, `series` or both."""
    kinds = set()
    for rule in shop.rules:
        if rule.use_case == use_case:
            groups = {*rule.pattern.groupindex, rule.about}
            kinds |= {ORDER_ID} & groups
            kinds |= {SERIES} if groups & {SERIES, VOLUME} else set()
    case = shop.use_cases.get(use_case or "")
    examples = case.examples if case else ()
    if any(_book(titles_of(shop), part) for example in examples for part in _parts(example)):
        kinds.add(SERIES)
    return kinds


def _parts(example: str) -> Iterator[str]:
    """The ends of what stands before a number, with it: `of Akira 2`, `Akira 2`."""
    for found in EXAMPLE.finditer(example):
        words = found.group().split()
        yield from (" ".join(words[at:]) for at in range(len(words) - 1))


def _order(shop: Shop, text: str) -> dict[str, str]:
    slot = shop.slots.get(ORDER_ID)
    found = slot.compiled.fullmatch(text) if slot else None
    return {ORDER_ID: slot.normal(found.group())} if slot and found else {}


def _book(titles: Titles, text: str) -> dict[str, str]:
    if series := titles.get(folded(text)):
        return {SERIES: series}
    numbered = NUMBERED.match(text)
    if numbered is None:
        return {}
    title, volume = numbered["title"].strip(" ,"), numbered["volume"]
    if not title:
        return {VOLUME: volume}
    series = titles.get(folded(title))
    return {SERIES: series, VOLUME: volume} if series else {}

"""Options told by what their labels measure: a price, or how many books."""

import re
from collections.abc import Callable

from classifier.history.numerals import CARDINALS
from events.context import Option

PRICE = re.compile(r"\$(\d+)(?:\.(\d\d))?\b")
BOOKS = r"(?:volumes?|vols?|books?|tomes?|parts?|items?|omnibus(?:es)?)"
COUNT = re.compile(
    rf"\b(?P<digits>\d{{1,3}})(?:\+| plus)?[ -](?:\w+ )?{BOOKS}\b"
    rf"|\b(?P<word>{'|'.join(CARDINALS)}|single|an?)[ -](?:\w+ )?{BOOKS}\b"
    rf"|\b(?:has|have|with|in|runs?(?: to)?|of) (?P<bare>\d{{1,3}}|{'|'.join(CARDINALS)})\b",
    re.IGNORECASE,
)
"""How many books an option has: "31 volumes", "one thick book", "has eleven"."""

Measure = Callable[[str], int | None]


def priced_at(options: tuple[Option, ...], dollars: int, cents: int | None) -> Option | None:
    """The one option that shows this price; without cents, the one of so many dollars."""
    found = [
        option
        for option in options
        for told, rest in PRICE.findall(option.label)
        if int(told) == dollars and cents in (None, int(rest or 0))
    ]
    return found[0] if len(found) == 1 else None


def by_price(options: tuple[Option, ...], *, least: bool) -> Option | None:
    """The cheapest or the dearest of options that each tell one price."""
    return _extreme(options, _cents, least=least)


def by_size(options: tuple[Option, ...], *, least: bool) -> Option | None:
    """The shortest or the longest by the count of books; the smallest or biggest by money else."""
    return _extreme(options, _books, least=least) or by_price(options, least=least)


def _extreme(options: tuple[Option, ...], measure: Measure, *, least: bool) -> Option | None:
    """The one option with the least or greatest measure, where every one has its own."""
    measured = [measure(option.label) for option in options]
    told = [one for one in measured if one is not None]
    if not told or len(told) < len(measured):
        return None
    wanted = min(told) if least else max(told)
    return options[told.index(wanted)] if told.count(wanted) == 1 else None


def _cents(label: str) -> int | None:
    prices = PRICE.findall(label)
    if len(prices) != 1:
        return None
    [(dollars, rest)] = prices
    return int(dollars) * 100 + int(rest or 0)


def _books(label: str) -> int | None:
    found = COUNT.search(label)
    if found is None:
        return None
    told = (found["digits"] or found["word"] or found["bare"]).lower()
    return int(told) if told.isdigit() else CARDINALS.get(told, 1)

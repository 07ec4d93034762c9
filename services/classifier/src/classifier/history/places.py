"""Options told by what their labels show: a price, or a date."""

import re

from events.context import Option

PRICE = re.compile(r"\$(\d+)(?:\.(\d\d))?\b")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = rf"(?P<month>{'|'.join(MONTHS)})[a-z]*\.?"
DATE = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{MONTH}(?:,? (?P<year>\d{{4}}))?\b",
    re.IGNORECASE,
)
MONTH_FIRST = re.compile(
    rf"\b{MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year>\d{{4}}))?", re.IGNORECASE
)
ISO = re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b")
MONTH_DAYS, YEAR_DAYS = 31, 372
"""Days as they are counted here: only the order of dates matters."""


def priced_at(options: tuple[Option, ...], dollars: int, cents: int | None) -> Option | None:
    """The one option that shows this price; without cents, the one of so many dollars."""
    found = [
        option
        for option in options
        for told, rest in PRICE.findall(option.label)
        if int(told) == dollars and cents in (None, int(rest or 0))
    ]
    return found[0] if len(found) == 1 else None


def by_extreme_price(options: tuple[Option, ...], *, least: bool) -> Option | None:
    """The cheapest or the dearest of options that each tell one price."""
    prices = [PRICE.findall(option.label) for option in options]
    if not prices or any(len(told) != 1 for told in prices):
        return None
    cents = [int(dollars) * 100 + int(rest or 0) for [(dollars, rest)] in prices]
    wanted = min(cents) if least else max(cents)
    return options[cents.index(wanted)] if cents.count(wanted) == 1 else None


def by_date(options: tuple[Option, ...], *, newest: bool) -> Option | None:
    """The newest or the oldest of options that each tell a date.

    Dates without a year that lie more than half a year apart span the turn of a year.
    """
    days = [_day(option.label) for option in options]
    if len(days) < 2 or any(day is None for day in days):
        return None
    told = [day for day in days if day is not None]
    if max(told) < YEAR_DAYS and max(told) - min(told) > YEAR_DAYS // 2:
        told = [day + YEAR_DAYS if day < YEAR_DAYS // 2 else day for day in told]
    wanted = max(told) if newest else min(told)
    return options[told.index(wanted)] if told.count(wanted) == 1 else None


def _day(label: str) -> int | None:
    found = ISO.search(label) or DATE.search(label) or MONTH_FIRST.search(label)
    if found is None:
        return None
    named = found["month"].lower()[:3]
    month = MONTHS.index(named) if named in MONTHS else int(named) - 1
    return int(found["year"] or 0) * YEAR_DAYS + month * MONTH_DAYS + int(found["day"])

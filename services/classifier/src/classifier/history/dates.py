"""Options told by the dates that their labels show."""

import re

from events.context import Option

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


def day_in_year(text: str) -> int | None:
    """The day that a text tells, counted from the new year on; None where it tells none."""
    day = _day(text)
    return None if day is None else day % YEAR_DAYS


def _day(label: str) -> int | None:
    found = ISO.search(label) or DATE.search(label) or MONTH_FIRST.search(label)
    if found is None:
        return None
    named = found["month"].lower()[:3]
    month = MONTHS.index(named) if named in MONTHS else int(named) - 1
    return int(found["year"] or 0) * YEAR_DAYS + month * MONTH_DAYS + int(found["day"])

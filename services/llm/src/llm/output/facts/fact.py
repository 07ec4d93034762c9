"""What a text tells that can be right or wrong: figures, dates, codes, links, titles, volumes."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """The kinds of fact, and the kinds of miss that are none."""

    TITLE = "title"
    NAME = "name"
    VOLUME = "volume"
    COUNT = "count"
    YEAR = "year"
    NUMBER = "number"
    LISTED = "listed"
    AGE = "age"
    AMOUNT = "amount"
    PERCENT = "percent"
    DATE = "date"
    WHEN = "when"
    TIME = "time"
    DURATION = "duration"
    CODE = "code"
    LINK = "link"
    EMAIL = "email"
    PHONE = "phone"
    STATUS = "status"
    PROMISE = "promise"
    NEGATED = "negated"
    LEAK = "leak"
    MARKUP = "markup"
    OFF_TOPIC = "off_topic"


Miss = tuple[Kind, str]
"""What a sentence has wrong, and where."""


class Fact(NamedTuple):
    """One fact at its place in a flat text, from character `at` to `end`.

    `value` is the same however the fact is written: `12 dollars` and `$12.00` are both `$12.00`.
    A range of volumes or a duration has both ends in it: `3-5`, `2-4 day`.
    """

    kind: Kind
    value: str
    at: int
    end: int

"""Reads numbers, however they are written: "1,200", "twenty-seven", "a dozen", "XII"."""

import re
from decimal import Decimal

SMALL = {
    word: value
    for value, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
            *("seventeen", "eighteen", "nineteen"),
        )
    )
}
TENS = {
    word: value * 10
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2
    )
}
ORDINALS = {
    word: value
    for value, word in enumerate(
        (
            *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
            *("ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
            *("sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"),
        ),
        1,
    )
}
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

_SMALL, _TENS = "|".join(sorted(SMALL, key=len, reverse=True)), "|".join(TENS)
_BELOW_100 = rf"(?:(?:{_TENS})(?:[- ](?:{_SMALL}))?|{_SMALL})"
_HUNDREDS = rf"(?:(?:(?:{_BELOW_100}|a) )?hundred(?:(?: and)? {_BELOW_100})?|{_BELOW_100})"
WORDS = re.compile(
    rf"\b(?:(?:(?:{_HUNDREDS}|a) )?thousand(?:(?: and)? {_HUNDREDS})?|{_HUNDREDS}"
    r"|(?:half )?a dozen|dozen)\b",
    re.IGNORECASE,
)
ORDINAL_WORDS = re.compile(
    rf"\b(?:(?:{_TENS})-)?(?:{'|'.join(list(ORDINALS)[2:])})\b|\b(?:{_TENS})-(?:first|second)\b",
    re.IGNORECASE,
)
ONE_OF = re.compile(
    r"one(?=[- ](?:volume|vol|book|week|month|year|hour|cent|dollar|working|\d))", re.I
)
"""Where "one" is a number; elsewhere it is a word."""
NUMBER = r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w]|[.,]\d)"
ORDINAL = r"\b\d+(?:st|nd|rd|th)\b"
ROMAN_NUMBER = r"\b(?=[ivxlc]+\b)(?:x{0,3}|xl|lx{0,3}|xc|c)(?:ix|iv|v?i{0,3})\b"


def in_digits(text: str) -> str:
    """The text with its number words in digits: "twenty-seven" is "27", "third" is "3rd"."""
    ordered = ORDINAL_WORDS.sub(lambda found: f"{_in_words(found.group())}th", text)
    return WORDS.sub(lambda found: _digits(found), ordered)


def value_of(text: str) -> Decimal:
    """The number that a match of NUMBER, ORDINAL or ROMAN_NUMBER stands for."""
    digits = re.match(r"[\d.,]*\d", text)
    if digits:
        return Decimal(digits.group().replace(",", "")).normalize()
    written = text.lower()
    return Decimal(ORDINALS.get(written) or _roman(written))


def as_text(value: Decimal) -> str:
    """The one way to write a value: "27", "3.5"."""
    return f"{value.normalize():f}"


def _digits(found: re.Match[str]) -> str:
    written = found.group()
    if written.lower() == "one" and not ONE_OF.match(found.string, found.start()):
        return written
    return str(_in_words(written))


def _in_words(written: str) -> int:
    parts = re.findall(r"[a-z]+", written.lower())
    total, current = 0, 0
    for part in parts:
        if part == "thousand":
            total, current = total + (current or 1) * 1000, 0
        elif part == "hundred":
            current = (current or 1) * 100
        elif part == "dozen":
            current = 6 if "half" in parts else 12
        else:
            current += SMALL.get(part, TENS.get(part, ORDINALS.get(part, 0)))
    return total + current


def _roman(written: str) -> int:
    values = [ROMAN[one] for one in written]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)

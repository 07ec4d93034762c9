"""Volumes, counts of volumes, years, ages, and whatever other number a text holds."""

import re

from llm.output.facts.fact import Kind
from llm.output.facts.number import NUMBER, ORDINAL, ROMAN_NUMBER, as_text, value_of

BOOK = r"(?:volumes?|vols?\b\.?|tankobons?|tomes?|omnibus(?:es)?|books?)"
TO = r" ?(?:-|to|through|until|up to) ?"
SOME = "some"
"""The value of a count without a number."""
VAGUE = r"(?:dozens of|hundreds of|a few|several|a couple of|a handful of|countless|many|some)"
COUNTED = (
    r"(?:picks?|suggestions?|recommendations?|titles?|series|options?|ideas?|candidates?|manga)"
)
LED = r"(?:these|those|my|our|the|other|first|last|all|just|only|here are|are)"


def _value(match: re.Match[str]) -> str:
    return as_text(value_of(match["number"]))


def _range(match: re.Match[str]) -> str:
    low, high = value_of(match["number"]), match["high"]
    return f"{as_text(low)}-{as_text(value_of(high))}" if high else as_text(low)


def _first(match: re.Match[str]) -> str:
    return f"1-{as_text(value_of(match['number']))}"


def _number(match: re.Match[str]) -> str | None:
    return None if match["number"].lower() in ("one", "zero") else _value(match)


def _ordinal(match: re.Match[str]) -> str | None:
    return None if match["number"].lower() in ("first", "second") else _value(match)


def _decade(match: re.Match[str]) -> str:
    return f"{match['number']}s"


def _year(match: re.Match[str]) -> str:
    return match.group()


STATES = {
    "finished": "finished",
    "completed": "finished",
    "complete": "finished",
    "concluded": "finished",
    "ongoing": "ongoing",
    "still running": "ongoing",
    "unfinished": "ongoing",
    "on hiatus": "hiatus",
    "hiatus": "hiatus",
    "paused": "hiatus",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "discontinued": "cancelled",
    "upcoming": "upcoming",
}
DENIED = re.compile(r"(?:\b(?:not|never|no longer|cannot)|n't)(?:\W+\w+){0,2}\W*$", re.IGNORECASE)


def _status(match: re.Match[str]) -> str:
    state = STATES[" ".join(match.group().lower().split())]
    return f"not {state}" if DENIED.search(match.string[: match.start()]) else state


STATUSES = ((Kind.STATUS, rf"\b(?:{'|'.join(STATES)})\b", _status),)
AGES = (
    (Kind.AGE, rf"(?P<number>{NUMBER})[ -]years?[ -]olds?\b", _value),
    (Kind.AGE, rf"\b(?:aged?|ages|age of|from age) (?P<number>{NUMBER})", _value),
)
VOLUMES = (
    (Kind.VOLUME, rf"\bfirst (?P<number>{NUMBER}) {BOOK}", _first),
    (
        Kind.VOLUME,
        rf"\b{BOOK}[ -]?(?:no\.? ?|number |#)?(?P<number>{NUMBER})(?:{TO}(?P<high>{NUMBER}))?",
        _range,
    ),
    (Kind.VOLUME, rf"\b(?:volumes?|vols?\.?) (?P<number>{ROMAN_NUMBER})(?P<high>)", _range),
    (Kind.VOLUME, rf"(?P<number>{ORDINAL}|\b(?:first|second)\b) {BOOK}", _value),
    (Kind.VOLUME, r"(?<!\w)#(?P<number>\d{1,2})(?!\w)", _value),
    (
        Kind.VOLUME,
        r"(?<=\x1f )(?P<number>\d{1,3})(?= *(?:[,.;:!?)]|$| is\b| and\b| has\b| tells\b| costs\b))",
        _value,
    ),
)
COUNTS = (
    (
        Kind.COUNT,
        rf"\b{BOOK}(?: in (?:all|total)| so far| count)?(?:: ?| of | is | are )"
        rf"(?P<number>{NUMBER})",
        _value,
    ),
    (Kind.COUNT, rf"(?P<number>{NUMBER})[ -](?:[a-z]+[ -]){{0,2}}?{BOOK}(?!\w)", _value),
    (Kind.COUNT, rf"\b{VAGUE} (?:[a-z]+ )?{BOOK}", lambda _: SOME),
    (Kind.YEAR, r"(?<![\w.,])(?P<number>(?:1[89]|20|21)\d0)'?s\b", _decade),
    (Kind.YEAR, r"(?<![\w.,$])(?:1[89]|20|21)\d\d(?![\w]|[.,]\d)", _year),
    (Kind.LISTED, rf"(?P<number>{NUMBER}) (?:[a-z]+ )?{COUNTED}\b", _value),
    (Kind.LISTED, rf"\b{LED} (?P<number>[2-9])\b(?! [a-z]+s\b)", _value),
    (
        Kind.LISTED,
        r"\b(?P<number>[2-9]) (?:of|that|which|come|fit|stand)\b",
        _value,
    ),
)
NUMBERS = (
    (Kind.NUMBER, rf"(?P<number>{ORDINAL})", _ordinal),
    (Kind.NUMBER, rf"(?P<number>{NUMBER})", _number),
    (Kind.NUMBER, r"(?P<number>\d+)", _value),
)

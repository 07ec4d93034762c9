"""Money and percentages, however they are written."""

import re
from decimal import Decimal

from llm.output.facts.fact import Kind
from llm.output.facts.number import NUMBER, as_text, value_of

SIGNS = {"$": "$", "us$": "$", "€": "€", "£": "£", "¥": "¥"}
WORDS = {
    "dollar": "$", "buck": "$", "usd": "$", "euro": "€", "eur": "€", "pound": "£", "quid": "£",
    "gbp": "£", "yen": "¥", "jpy": "¥",
}  # fmt: skip
UNITS = r"(?:dollars?|bucks?|usd|euros?|eur|pounds?|quid|gbp|yen|jpy)"
CENTS = r"(?:cents?|pence)"


def _signed(match: re.Match[str]) -> str:
    return _money(SIGNS[match["sign"].lower()], value_of(match["number"]))


def _worded(match: re.Match[str]) -> str:
    unit = match["unit"].lower().rstrip("s")
    cents = value_of(match["cents"]) if match["cents"] else Decimal(0)
    return _money(
        WORDS.get(unit, WORDS.get(f"{unit}s", "$")), value_of(match["number"]) + cents / 100
    )


def _led(match: re.Match[str]) -> str:
    return _money(WORDS[match["unit"].lower()], value_of(match["number"]))


def _cents(match: re.Match[str]) -> str:
    return _money("$", value_of(match["number"]) / 100)


def _money(sign: str, value: Decimal) -> str:
    return f"{sign}{value:.2f}"


def _percent(match: re.Match[str]) -> str:
    return as_text(value_of(match["number"]))


AMOUNTS = (
    (Kind.AMOUNT, rf"(?P<sign>us\$|[$€£¥])\s?(?P<number>{NUMBER})", _signed),
    (Kind.AMOUNT, rf"(?P<number>{NUMBER})\s?(?P<sign>[€£¥$])", _signed),
    (
        Kind.AMOUNT,
        rf"(?P<number>{NUMBER})[\s-]?(?P<unit>{UNITS})\b"
        rf"(?:,?(?: and)? (?P<cents>{NUMBER}) {CENTS})?",
        _worded,
    ),
    (Kind.AMOUNT, rf"\b(?P<unit>usd|eur|gbp|jpy)\s?(?P<number>{NUMBER})", _led),
    (Kind.AMOUNT, rf"(?P<number>{NUMBER})[\s-]?{CENTS}\b", _cents),
    (Kind.PERCENT, rf"(?P<number>{NUMBER})[\s-]?(?:%|percent\b|per cent\b|pct\b)", _percent),
    (Kind.PERCENT, r"\bhalf(?:[- ]price| off| the price)\b", lambda _: "50"),
)

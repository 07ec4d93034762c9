"""Masks payment card numbers before text leaves `chat.ingress`."""

import re

CANDIDATE = re.compile(r"(?<![\w#-])\d(?:[ -]?\d){12,18}(?![\w-])")


def luhn(digits: str) -> bool:
    """Whether a number passes the check digit of ISO/IEC 7812-1."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _masked(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match.group())
    return f"[card ending {digits[-4:]}]" if luhn(digits) else match.group()


def mask_cards(text: str) -> str:
    """The text with each 13 to 19 digit card number replaced by its last four digits."""
    return CANDIDATE.sub(_masked, text)

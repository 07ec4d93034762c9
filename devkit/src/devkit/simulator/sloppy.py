"""The sloppy profile: says the right things and loses the figures."""

import re
from collections.abc import Callable
from random import Random

from devkit.simulator.evidence import Asked
from devkit.simulator.fact import FACT
from devkit.simulator.faithful import faithful
from devkit.simulator.profile import Label, Written
from devkit.simulator.span import around


def sloppy(asked: Asked, chance: Random) -> Written:
    """The faithful text with every fact that it knows how to lose lost."""
    text = faithful(asked, chance).text
    changed, end = "", 0
    lost: list[tuple[str, int, int]] = []
    for found in FACT.finditer(text):
        kind = str(found.lastgroup)
        changed += text[end : found.start()]
        lost.append((f"lost_{kind}", len(changed), found.start()))
        changed += LOSES[kind](found.group())
        end = found.end()
    changed += text[end:]
    labels = (Label(kind, around(changed, now), around(text, was)) for kind, now, was in lost)
    return Written(changed, tuple(labels))


def _link(_: str) -> str:
    return "our website"


def _email(_: str) -> str:
    return "our customer service"


def _id(_: str) -> str:
    return "your number"


def _date(_: str) -> str:
    return "next week"


def _volume(_: str) -> str:
    return "one of the volumes"


def _duration(text: str) -> str:
    return "a couple of weeks" if re.search("day|week", text) else "a while"


def _amount(text: str) -> str:
    figure = float(re.sub(r"[^\d.]", "", text.replace(",", "")).strip("."))
    return f"about ${max(1, round(figure))}"


def _count(text: str) -> str:
    number, _, thing = text.partition(" ")
    return f"dozens of {thing}" if int(number) > 12 else f"a few {thing}"


LOSES: dict[str, Callable[[str], str]] = {
    "link": _link,
    "email": _email,
    "id": _id,
    "date": _date,
    "volume": _volume,
    "duration": _duration,
    "amount": _amount,
    "count": _count,
}
"""What becomes of each kind of fact."""

"""Six ways of being wrong. Each returns the text with one error, or None where it finds no hold."""

import re
from random import Random

from devkit.simulator.evidence import Asked
from devkit.simulator.fact import FACT
from devkit.simulator.number import word
from devkit.simulator.profile import Label
from devkit.simulator.span import replaced

Told = tuple[str, Label] | None

INVENTED = (
    "It comes with a signed print worth $25.",
    "The parcel number is ZX48213.",
    "Volume 48 of it appeared on 3 May 2019.",
)
INVENTED_SERIES = (
    "Moonlit Harbour: By Rei Asakura; 14 volumes; finished.",
    "The Glass Samurai: By Toru Hanegawa; 22 volumes; finished.",
)
PROMISES = (
    "I have already upgraded you to express delivery.",
    "We will refund your shipping as well.",
    "You will get a voucher for your next order.",
)
RELATIVE = ("tomorrow", "next Friday", "the day after tomorrow")
STATES = re.compile(r"\b(is|are|was|were|can|will|has|have|does|do|must)\b(?! not)")
BARE_STATES = re.compile(r"\b(finished|ongoing|eligible|available|open|free|delayed)\b")


def invented(text: str, asked: Asked, chance: Random) -> Told:
    """A fact, or a series, that stands nowhere."""
    series = asked.task == "answer" and "\n" in text
    extra = chance.choice(INVENTED_SERIES if series else INVENTED)
    return _added(text, "invented", extra, "\n" if series else " ")


def promise(text: str, asked: Asked, chance: Random) -> Told:
    """Something that only the shop could promise, and did not."""
    return _added(text, "promise", chance.choice(PROMISES), " ")


def swapped(text: str, asked: Asked, chance: Random) -> Told:
    """A title or a figure of another entity of the text or the evidence."""
    return _swapped_title(text, asked, chance) or _swapped_fact(text, asked, chance)


def negated(text: str, asked: Asked, chance: Random) -> Told:
    """A statement turned into its opposite."""
    found = list(STATES.finditer(text))
    if found:
        one = chance.choice(found)
        return _changed(text, "negated", one, f"{one.group()} not")
    bare = list(BARE_STATES.finditer(text))
    if not bare:
        return None
    one = chance.choice(bare)
    return _changed(text, "negated", one, f"not {one.group()}")


def number_word(text: str, asked: Asked, chance: Random) -> Told:
    """Another number than the evidence's, written as a word."""
    found = [one for one in FACT.finditer(text) if one.lastgroup in ("count", "duration")]
    if not found:
        return None
    one = chance.choice(found)
    number, _, thing = one.group().partition(" ")
    return _changed(text, "number_word", one, f"{word(int(number) + chance.randint(1, 9))} {thing}")


def relative_date(text: str, asked: Asked, chance: Random) -> Told:
    """A day that is told from today, in place of a date or besides."""
    dates = [one for one in FACT.finditer(text) if one.lastgroup == "date"]
    when = chance.choice(RELATIVE)
    if dates:
        return _changed(text, "relative_date", chance.choice(dates), when)
    return _added(text, "relative_date", f"It can be with you by {when}.", " ")


def _swapped_title(text: str, asked: Asked, chance: Random) -> Told:
    titles = [item.title for item in asked.items if item.title and f"{item.title}:" in text]
    if len(set(titles)) < 2:
        return None
    one, other = chance.sample(sorted(set(titles)), 2)
    found = re.search(re.escape(f"{one}:"), text)
    return found and _changed(text, "swapped", found, f"{other}:")


def _swapped_fact(text: str, asked: Asked, chance: Random) -> Told:
    known = "\n".join((text, *(item.text for item in asked.items)))
    pairs = [
        (mine, other.group())
        for mine in FACT.finditer(text)
        for other in FACT.finditer(known)
        if _shape(mine) == _shape(other) and mine.group() != other.group()
    ]
    if not pairs:
        return None
    mine, other = chance.choice(pairs)
    return _changed(text, "swapped", mine, other)


def _shape(fact: re.Match[str]) -> str:
    """Its kind; for numbers of things also what is counted."""
    thing = fact.group().partition(" ")[2] if fact.lastgroup == "count" else ""
    return f"{fact.lastgroup} {thing}"


def _added(text: str, kind: str, sentence: str, gap: str) -> tuple[str, Label]:
    return f"{text}{gap}{sentence}", Label(kind, sentence)


def _changed(text: str, kind: str, found: re.Match[str], new: str) -> tuple[str, Label]:
    changed, wrote, instead_of = replaced(text, found.start(), found.end(), new)
    return changed, Label(kind, wrote, instead_of)

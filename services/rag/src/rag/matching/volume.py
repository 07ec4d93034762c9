"""Which volume a text asks for: "volume 12", "vol. 12", "v12", "#12", "the third volume"."""

import re
from collections.abc import Iterable, Sequence
from enum import Enum

from rag.matching.matcher import Mention

CARDINALS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)  # fmt: skip
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip

MOST = 999
NOUN = r"(?:volumes?|vols?|books?|tomes?|tankobons?)"
NUMBER = rf"(\d{{1,3}}|{'|'.join(CARDINALS)})"
NAMED = re.compile(
    rf"\b{NOUN}\b\.? ?(?:number |no\.? ?|nr\.? ?|# ?)?{NUMBER}\b"
    r"(?! ?(?:years?|yrs?|euros?|dollars?))"
    r"|\b(?:vols?|v)\.? ?(\d{1,3})\b"
    r"|#\s?(\d{1,3})\b"
    r"|\b(?:number|no\.|nr\.?)\s?(\d{1,3})\b",
    re.IGNORECASE,
)
ORDINAL = re.compile(
    rf"\b(?:(\d{{1,3}})(?:st|nd|rd|th)|({'|'.join(ORDINALS)})) {NOUN}\b", re.IGNORECASE
)
BEHIND = re.compile(
    r"^[\s,:'’\"”]*(?:manga |the manga )?(?:[-–] ?)?(\d{1,3})\b"
    r"(?!\s*(?:years?|yrs?|yo\b|euros?|dollars?|bucks|copies|st\b|nd\b|rd\b|th\b|[-/]|\.\d|in-1)|[€$%]|-)",
    re.IGNORECASE,
)
JOINED = r"(?:,? ?(?:and|or|&)|,| ?(?:to|through|till|until|[-–]))"
LIST = rf"(\d{{1,3}}(?:{JOINED} ?\d{{1,3}}\b)+)"
NO_UNIT = r"(?! ?(?:years?|yrs?|yo\b|euros?|dollars?|bucks|copies)|-|[€$%])"
LISTED = re.compile(rf"\b{NOUN} {LIST}{NO_UNIT}", re.IGNORECASE)
LISTED_BEHIND = re.compile(rf"^[\s,:'’\"”]*{LIST}{NO_UNIT}", re.IGNORECASE)
RANGE = re.compile(r"(\d+)(?: ?(?:to|through|till|until|[-–]) ?(\d+))?", re.IGNORECASE)
LAST = re.compile(
    rf"\b(?:last|latest|newest|most recent|final) (?:{NOUN}|one)\b"
    r"|\bwhat's the (?:latest|newest)\b|\bthe (?:latest|newest)\b$",
    re.IGNORECASE,
)
NEXT = re.compile(
    rf"\bnext (?:{NOUN}|one)\b|\b(?:comes? |the one )after (?:that|this|it)\b", re.IGNORECASE
)
BEFORE = re.compile(
    rf"\bprevious (?:{NOUN}|one)\b|\bthe one before(?: (?:that|this|it))?\b", re.IGNORECASE
)


class Step(Enum):
    """A volume that is meant by its place."""

    LAST = "last"
    NEXT = "next"
    BEFORE = "before"


def asked_volumes(text: str, mentions: Iterable[Mention]) -> tuple[int, ...]:
    """The numbers of the volumes that a text names, in its order; digits in titles are none."""
    return tuple(dict.fromkeys(number for _, number in placed_volumes(text, mentions)))


def placed_volumes(text: str, mentions: Iterable[Mention]) -> list[tuple[int, int]]:
    """The same with where each stands in the text. A range is told out."""
    named = tuple(mentions)
    blank = without(text, named)
    found = [(hit.start(), _number(hit.groups())) for hit in NAMED.finditer(blank)]
    found += [(hit.start(), _number(hit.groups())) for hit in ORDINAL.finditer(blank)]
    for hit in LISTED.finditer(blank):
        found += _listed(hit, 0)
    found += _behind(blank, named)
    return [(at, number) for at, number in sorted(found, key=_place) if number and number <= MOST]


def _place(found: tuple[int, int | None]) -> int:
    return found[0]


def _listed(hit: re.Match[str], offset: int) -> list[tuple[int, int | None]]:
    """Every number of a list, those within its ranges too."""
    numbers: list[tuple[int, int | None]] = []
    for one in RANGE.finditer(hit[1]):
        first, last = int(one[1]), int(one[2] or one[1])
        at = offset + hit.start(1) + one.start()
        numbers += [(at, number) for number in (range(first, last + 1) or (first, last))]
    return numbers


def asked_step(text: str) -> Step | None:
    """The last, the next or the previous volume, where the text asks for one of these."""
    for pattern, step in ((LAST, Step.LAST), (NEXT, Step.NEXT), (BEFORE, Step.BEFORE)):
        if pattern.search(text):
            return step
    return None


def without(text: str, mentions: Iterable[Mention]) -> str:
    """The text with titles blanked out: places stay what they are."""
    for mention in mentions:
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return text


def _behind(blank: str, mentions: Iterable[Mention]) -> list[tuple[int, int | None]]:
    """Bare numbers right behind a title: "One Piece 105", "Vinland Saga 5 and 7"."""
    found: list[tuple[int, int | None]] = []
    for mention in mentions:
        behind = blank[mention.end :]
        if listed := LISTED_BEHIND.match(behind):
            found += _listed(listed, mention.end)
        elif hit := BEHIND.match(behind):
            found.append((mention.end + hit.start(1), int(hit[1])))
    return found


def _number(groups: Sequence[str | None]) -> int | None:
    text = next((one for one in groups if one), "").lower()
    for words in (CARDINALS, ORDINALS):
        if text in words:
            return words.index(text) + 1
    return int(text) if text.isdigit() else None

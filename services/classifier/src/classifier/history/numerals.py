"""Numbers that are written out: "number eleven", "vol twenty-three", "the twelfth one"."""

import re

UNIT_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
RANK_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth"
)
UNITS, TENS, RANKS = UNIT_WORDS.split(), TEN_WORDS.split(), RANK_WORDS.split()

CARDINALS = {word: number for number, word in enumerate(UNITS, 1)}
ENDINGS = ("th", "st", "nd", "rd", *("th",) * 6)
ORDINALS = {word: place for place, word in enumerate(RANKS)} | {
    f"{number}{'th' if number in (11, 12, 13) else ENDINGS[number % 10]}": number - 1
    for number in range(1, 31)
}
"""Places from 0 on, by the word or by digits ("2nd")."""

SPELLED = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(TENS)})(?:[ -](?P<unit>{'|'.join(UNITS[:9])}))?"
    rf"|(?P<small>{'|'.join(sorted(UNITS, key=len, reverse=True))}))\b",
    re.IGNORECASE,
)
BEFORE = r"(?:volume|vol\.?|book|part|number|no\.?|option|chapter|#)"
COUNTED = re.compile(rf"\b({BEFORE} ?)({SPELLED.pattern})", re.IGNORECASE)
ALONE = re.compile(
    rf"^({SPELLED.pattern})(?=(?: (?:then|too|also|please|as well|instead|though))*\W*$)",
    re.IGNORECASE,
)


THAT_ONE = re.compile(
    r"(?<=[a-z]{2}(?:er|st|xt|th|nd|rd|ve|ed|us) )1\b(?![.,]?\d)(?! (?:volume|copy|of)\b)",
    re.IGNORECASE,
)
"""A figure for a word: "the next 1", "the expensive 1"."""


def in_digits(text: str) -> str:
    """The text with the number of a volume or an option in digits, where it was spelled out.

    A number alone counts; "one" alone does not, for that is mostly a thing ("that one").
    """
    text = THAT_ONE.sub("one", text)
    told = COUNTED.sub(lambda found: found[1] + str(_value(found)), text)
    alone = ALONE.match(told)
    if alone and alone[1].lower() != "one":
        return str(_value(alone)) + told[alone.end() :]
    return told


def _value(found: re.Match[str]) -> int:
    if found["small"]:
        return CARDINALS[found["small"].lower()]
    unit = CARDINALS[found["unit"].lower()] if found["unit"] else 0
    return (TENS.index(found["tens"].lower()) + 2) * 10 + unit

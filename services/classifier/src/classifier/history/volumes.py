"""The volume that a text means: by its number, its place, or one step from the last."""

import re

from classifier.history.frame import LEAD
from classifier.history.numerals import ORDINALS

SAID = re.compile(
    r"\b(?:volume|vol\.?|book|part|number|no\.?|#) ?#?(?P<volume>\d{1,3})\b(?! ?%)", re.IGNORECASE
)
NUMBER = re.compile(
    r"^(?:(?:and|but|or|so|ok|okay|then|also|what about|how about|is|got|maybe|no|yes|hm+|oh|for"
    r"|same for|sorry|i mean|i meant|not)[,. ]+)*"
    r"#?(?P<volume>\d{1,3})(?=\s*(?:$|[?!,;]|(?:and|is|isn't|was|then|please|too|as well|in stock"
    r"|available|sold out|back|would|will|though|instead)\b))",
    re.IGNORECASE,
)
"""A bare number at the beginning, with something said of it."""

PLACE = re.compile(
    rf"\b(?:the |that )?(?P<place>{'|'.join(ORDINALS)}) (?:one|volume|vol|book)\b", re.IGNORECASE
)
PART = r"(?:one|volume|vol\.?|book|part)"
OF_IT = (
    r"(?: (?:that(?: one)?|it|this(?: one)?))?(?=\W*$|[,;?!.]|\W+(?:too|as|is|also|then|please)\b)"
)
NEXT = re.compile(
    rf"\b(?:the )?(?:next|following) {PART}\b|{LEAD}next(?=\W*$)"
    rf"|\b(?:the )?{PART} (?:(?:right|just|that comes|coming) )?after{OF_IT}",
    re.IGNORECASE,
)
BEFORE = re.compile(
    rf"\b(?:the )?(?:previous|preceding|prior) {PART}\b|{LEAD}previous(?=\W*$)"
    rf"|\b(?:the )?{PART} (?:(?:right|just|that comes|coming) )?before{OF_IT}",
    re.IGNORECASE,
)


def volume_meant(text: str, last: str | None) -> tuple[str, str] | None:
    """The volume and the words that tell it. `last` is the one talked about: a step starts there.

    None where no volume is told, or none lies there.
    """
    if found := SAID.search(text) or NUMBER.match(text):
        return found["volume"], found.group()
    if found := PLACE.search(text):
        return str(ORDINALS[found["place"].lower()] + 1), found.group()
    if found := PLACE_WITHIN.search(text):
        return str(ORDINALS[found["place"].lower()] + 1), found.group()
    if last is None or not last.isdigit():
        return None
    if found := NEXT.search(text):
        return str(int(last) + 1), found.group()
    found = BEFORE.search(text) if int(last) > 1 else None
    return (str(int(last) - 1), found.group()) if found else None


WITHIN = re.compile(
    r"\b(?:for|the|only|just|with|add|take|get|need|miss(?:ing)?|plus|and|of|swap|got|is|me)"
    r" (?P<volume>\d{1,3})\b"
    r"(?![.:,]\d|[ -]?(?:%|\$|dollars?|bucks|euros?|days?|weeks?|months?|years?|yrs?|yo|hours?"
    r"|minutes?|copies|copy|times|people|pages?|books?|volumes?|vols?|of|am|pm|to|or more|st|nd|rd"
    r"|th|more|left|extra|kids?|items?|orders?)\b)",
    re.IGNORECASE,
)
"""A number in the middle that counts nothing: "take the 3 out", "a mail for 9"."""

PLACE_WITHIN = re.compile(
    rf"(?<!\bon )(?<!\bby )(?<!\bof )(?<!till )(?<!until )(?<!since )(?<!before )(?<!after )"
    rf"\bthe (?P<place>{'|'.join(ORDINALS)})(?=\W*$|[,;?!]| (?:in|out|too|as|is|please|instead)\b)",
    re.IGNORECASE,
)


def volume_within(text: str) -> str | None:
    """The one volume that stands in the midst of a text, by a number or by its place."""
    told = {found["volume"] for found in (*SAID.finditer(text), *WITHIN.finditer(text))}
    told |= {str(ORDINALS[one["place"].lower()] + 1) for one in PLACE_WITHIN.finditer(text)}
    return told.pop() if len(told) == 1 else None

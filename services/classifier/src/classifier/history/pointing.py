"""What a longer text points at: an option of the list that was shown, or a volume of the series."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from classifier.choice import Choice
from classifier.history.binding import LEAD, NUMBERS, ORDINALS, chosen
from classifier.history.elliptic import names_title
from classifier.history.flow import ruled
from classifier.history.shown import question_of
from classifier.history.subject import ORDER_ID, SERIES, TITLE, VOLUME, firing
from classifier.spelling import LONGEST, plain
from events.context import Context
from playbook.shop import Shop

PLACES = f"{'|'.join(ORDINALS)}|last|former|latter"
COUNTED = r"(?:one|option|choice|title|series|manga|book|order|parcel|package)"
POINTERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:the |that )?(?:{PLACES}) {COUNTED}\b",
        rf"\b(?:number|option|no\.?) ?(?:[1-9]|{'|'.join(NUMBERS)})\b(?!\d)",
        rf"{LEAD}(?:{PLACES})(?=\s*[,;:–—-]\s)",
        r"\bthe (?:[\w$.'-]+ ){1,3}?one\b",
        r"\bthe one (?:by|with|from|of|for|at|about) [^,;:?!]{2,40}?(?=\s*(?:[,;:?!]|$))",
    )
)
"""The words of a longer text that may choose: "the first one", "number three", "the $9 one"."""

PLACE_OF_VOLUME = re.compile(
    rf"\b(?:the |that )?(?P<place>{'|'.join(ORDINALS)}) (?:one|volume|vol|book)\b", re.IGNORECASE
)
VOLUME_SAID = re.compile(
    r"\b(?:volume|vol\.?|book|part|number|no\.?|#) ?#?(?P<volume>\d{1,3})\b(?! ?%)", re.IGNORECASE
)
NUMBER_SAID = re.compile(
    r"^(?:(?:and|but|or|so|ok|okay|then|also|what about|how about|is|got|maybe|no|yes)[,. ]+)*"
    r"#?(?P<volume>\d{1,3})(?=\s*(?:$|[?!,;]|(?:and|is|isn't|was|then|please|too|as well|in stock"
    r"|available|sold out|back|would|will)\b))",
    re.IGNORECASE,
)
"""A bare number at the beginning, with something said of it."""

CLAUSE = re.compile(r"\s*(?:[,;:.!?–—]+|\band\b|\bbut\b)\s*", re.IGNORECASE)
IT = "it"


@dataclass(frozen=True)
class Pointed:
    """What a text points at: `slots`, and the text with "it" in place of the pointing words."""

    text: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)

    def seen(self, context: Context) -> Context:
        """The session as if that had been talked about last."""
        if not self.slots:
            return context
        other = self.slots.keys() & {SERIES, TITLE}
        kept = {
            name: value
            for name, value in context.entities.items()
            if not (other and name in (SERIES, TITLE, VOLUME))
        }
        return context.model_copy(update={"entities": kept | dict(self.slots)})


NOTHING = Pointed()


def pointed(shop: Shop, context: Context, text: str) -> Pointed:
    """What a text that is more than an answer points at; nothing where it names its own thing."""
    said = plain(text.strip())
    if len(said) > LONGEST:
        return NOTHING
    return _option(shop, context, said) or _volume(shop, context, said) or NOTHING


def put(shop: Shop, context: Context, one: Pointed) -> Choice | None:
    """The rule of "it" that fires on the text, or on a part of it, of what it points at."""
    if not one.slots:
        return None
    for said in dict.fromkeys((one.text, *_clauses(one.text))):
        match = firing(shop, one.seen(context), said)
        if match and match.rule.anaphoric:
            return ruled(match)
    return None


def _option(shop: Shop, context: Context, text: str) -> Pointed | None:
    question = question_of(shop, context)
    if question is None or question.slot not in (ORDER_ID, SERIES, TITLE):
        return None
    for words in _pointers(text):
        if option := chosen(question, context, words):
            return Pointed(text.replace(words, IT), {question.slot: option.value})
    return None


def _pointers(text: str) -> Iterator[str]:
    for pattern in POINTERS:
        yield from (found.group() for found in pattern.finditer(text))


def _volume(shop: Shop, context: Context, text: str) -> Pointed | None:
    """The volume of the series talked about that a text is about."""
    series = {name: context.entities[name] for name in (SERIES, TITLE) if name in context.entities}
    if not series or names_title(shop, text):
        return None
    if found := VOLUME_SAID.search(text) or NUMBER_SAID.match(text):
        volume = found["volume"]
    elif found := PLACE_OF_VOLUME.search(text):
        volume = str(ORDINALS[found["place"].lower()] + 1)
    else:
        return None
    return Pointed(text.replace(found.group(), IT), series | {VOLUME: volume})


def _clauses(text: str) -> tuple[str, ...]:
    return tuple(part for part in CLAUSE.split(text) if part and part != IT)

"""The option of a question that a turn chooses: by its place, its name, its price, its size."""

import re

from classifier.history.dates import by_date
from classifier.history.frame import LEAD, NUMBER, NUMBERS, ORDINAL, OTHER, TAIL, place_of
from classifier.history.measures import by_price, by_size, priced_at
from classifier.history.naming import by_name, by_part, by_value
from classifier.history.numerals import in_digits
from classifier.spelling import spellings
from events.context import Context, Option, Question

PRICED = re.compile(
    rf"{LEAD}(?:(cheap(?:er|est|(?= one))|less expensive|least expensive)"
    rf"|(?:more |most )?expensive|dearer|dearest|pricier|priciest){TAIL}",
    re.IGNORECASE,
)
SIZED = re.compile(
    rf"{LEAD}(?:(small(?:er|est)|short(?:er|est)|thinn(?:er|est)|lower|lowest)"
    rf"|bigg(?:er|est)|larg(?:er|est)|long(?:er|est)|big|higher|highest){TAIL}",
    re.IGNORECASE,
)
DOLLARS = re.compile(
    rf"{LEAD}(?:one |order |book )?(?:for |at |that (?:is|was|cost) )?"
    r"(?:\$ ?(\d{1,4})(?:\.(\d\d))?(?: dollars?)?"
    r"|(\d{1,4})(?:\.(\d\d))?[ -]?(?:dollars?|bucks|usd|\$))"
    rf"{TAIL}",
    re.IGNORECASE,
)
DATED = re.compile(
    rf"{LEAD}(?:(newest|latest|newer|later|most recent|new)"
    rf"|oldest|earliest|older|earlier|old){TAIL}",
    re.IGNORECASE,
)
VOLUME = re.compile(
    rf"{LEAD}(?:(?:(volume|vol\.?|part)|book|number|no\.?|#) ?)?#?(\d{{1,3}}){TAIL}", re.IGNORECASE
)
EXCLUDED = re.compile(
    r"\bnot (?:the )?(?:number |option |no\.? ?)?(?P<place>[1-9]|\w+)(?: one)?\b", re.IGNORECASE
)
ONE_LEFT = re.compile(r"\b(?:the )?(?:other|remaining|one left|rest)(?: one)?\W*$", re.IGNORECASE)
LONGEST_ANSWER = 80


def chosen(question: Question, context: Context, text: str) -> Option | None:
    """The option that a turn chooses, or None when it is no answer to the question."""
    for said in spellings(text.strip()):
        said = in_digits(said)
        if said and len(said) <= LONGEST_ANSWER and (found := _chosen(question, context, said)):
            return found
    return None


def _chosen(question: Question, context: Context, text: str) -> Option | None:
    options = question.options
    return (
        by_value(options, text)
        or _by_volume(options, text)
        or _by_place(options, text)
        or _by_exclusion(options, context, text)
        or _by_measure(options, text)
        or by_part(options, text)
        or by_name(options, text)
    )


def _by_place(options: tuple[Option, ...], text: str) -> Option | None:
    if number := NUMBER.match(text):
        place = (int(number[1]) if number[1] else NUMBERS[number[2].lower()]) - 1
    elif ordinal := ORDINAL.match(text):
        found = place_of(ordinal[1], len(options))
        place = -1 if found is None else found
    else:
        return None
    return options[place] if 0 <= place < len(options) else None


def _by_volume(options: tuple[Option, ...], text: str) -> Option | None:
    """The one option with this volume; a bare number must be no place in the list."""
    found = VOLUME.match(text)
    if found is None or (not found[1] and 1 <= int(found[2]) <= len(options)):
        return None
    numbered = re.compile(rf"\b{int(found[2])}\b(?!\.\d)")
    having = [one for one in options if numbered.search(one.label.split(",")[0])]
    return having[0] if len(having) == 1 else None


def _by_measure(options: tuple[Option, ...], text: str) -> Option | None:
    """The cheapest, the newest, the longest, or the one of a price that is told."""
    if found := PRICED.match(text):
        return by_price(options, least=bool(found[1]))
    if found := SIZED.match(text):
        return by_size(options, least=bool(found[1]))
    if found := DATED.match(text):
        return by_date(options, newest=bool(found[1]))
    if (found := DOLLARS.match(text)) is None:
        return None
    dollars, cents = found[1] or found[3], found[2] or found[4]
    return priced_at(options, int(dollars), int(cents) if cents else None)


def _by_exclusion(options: tuple[Option, ...], context: Context, text: str) -> Option | None:
    """The only one left: of two, the one not talked about; of more, the one not ruled out."""
    out = set(context.entities.values())
    if not OTHER.match(text):
        out = _ruled_out(options, text)
    elif len(options) != 2:
        return None
    left = [option for option in options if option.value not in out]
    return left[0] if out and len(left) == 1 else None


def _ruled_out(options: tuple[Option, ...], text: str) -> set[str]:
    """The values that a text says it is not ("not 1, not 3, so the other")."""
    if not ONE_LEFT.search(text):
        return set()
    said = (found["place"] for found in EXCLUDED.finditer(text))
    named = (_by_place(options, one) or by_name(options, one) for one in said)
    return {one.value for one in named if one}

"""What a longer text points at: an option of the list that was shown, or a volume of the series."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from classifier.choice import Choice
from classifier.history.elliptic import titles_said
from classifier.history.flow import ruled
from classifier.history.fragment import bare
from classifier.history.frame import LEAD, NUMBERS, PLACES
from classifier.history.hint import hinted
from classifier.history.numerals import in_digits
from classifier.history.other import other_of
from classifier.history.shown import Shown, shown
from classifier.history.subject import ORDER_ID, SERIES, TITLE, VOLUME, firing
from classifier.history.volumes import volume_meant
from classifier.history.wanted import concerned
from classifier.spelling import LONGEST, plain
from events.context import Context
from events.decision import Evidence
from playbook.shop import Shop

WORDS = f"second[ -](?:to )?last|{PLACES}|last|former|latter|middle"
COUNTED = r"(?:one|option|choice|title|series|manga|book|order|parcel|package)"
POINTERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:the |that )?(?:{WORDS}) {COUNTED}\b",
        rf"\b(?:number|option|no\.?) ?(?:[1-9]|{'|'.join(NUMBERS)})\b(?!\d)",
        rf"{LEAD}(?:{WORDS})(?=\s*[,;:.–—-]\s)",
        rf"{LEAD}(?:{WORDS})$",
        rf"\bthe (?:{WORDS})(?=\W*$|[,;:.!?]| (?:is|was|has|arrives?|comes?|ships?|costs?|be)\b)",
        r"^not [^.;!?]+? the (?:other|one left|remaining one)(?: one)?(?=\W|$)",
        rf"\b(?:the|that|my) (?:[\w$.'-]+ ){{1,3}}?{COUNTED}\b",
        r"\bthe one (?:by|with|w|from|of|for|at|about|in|"
        r"(?:that|which|where|who)(?:'s| is)?) [^,;:.?!]{2,40}?"
        r"(?=\s*(?:[,;:.?!]|$))",
        r"\bthe (?:cheap|short|long|bigg|small|new|old|dear|low|high)(?:er|est)"
        r"(?! \w)",
    )
)
"""The words of a longer text that may choose: "the first one", "number three", "the $9 one"."""

OTHER = re.compile(rf"\b(?:the|my|that) other(?: {COUNTED})?\b(?! \w+ (?:day|time|week))", re.I)
CLAUSE = re.compile(r"\s*(?:[,;:.!?–—]+|\band\b|\bbut\b)\s*", re.IGNORECASE)
IT = "it"
SAYS_ONLY_IT = re.compile(
    r"^(?:(?:and|or|but|also|then|ok|so|hm+|for|same|is|was|got|have|do|you|with|of|yes|no|please|now|just|only|the)"
    r" )*it(?: (?:then|too|as well|also|please|instead|now))*\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Pointed:
    """What a text points at: `slots`, and the text with "it" in place of the pointing words.

    `use_case` is where a choice from the list goes, if the text is one.
    """

    text: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    use_case: str | None = None

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
    said = in_digits(plain(text.strip()))
    if len(said) > LONGEST:
        return NOTHING
    return (
        _option(shop, context, said)
        or _hinted(shop, context, said)
        or _volume(shop, context, said)
        or _other(shop, context, said)
        or NOTHING
    )


def put(shop: Shop, context: Context, one: Pointed) -> Choice | None:
    """The rule of "it" that fires on the text, or on a part of it, of what it points at.

    Where nothing else is said ("and the one before?"), it is the last matter once more.
    """
    if not one.slots:
        return None
    for said in dict.fromkeys((one.text, bare(one.text), *_clauses(one.text))):
        match = firing(shop, one.seen(context), said)
        if match and match.rule.anaphoric:
            return ruled(match)
    use_case = one.use_case or context.use_case
    if (
        use_case
        and any(map(SAYS_ONLY_IT.match, (one.text, bare(one.text))))
        and concerned(shop, use_case, one.slots)
    ):
        why = f"asks {use_case} once more, of {' '.join(one.slots.values())}"
        return Choice(Evidence.QUESTION, use_case, why, slots=dict(one.slots))
    return None


def _option(shop: Shop, context: Context, text: str) -> Pointed | None:
    found = shown(shop, context)
    if found is None or found.question.slot not in (ORDER_ID, SERIES, TITLE):
        return None
    for words in _pointers(text):
        if slots := found.chosen(context, words):
            return Pointed(text.replace(words, IT), slots, found.question.use_case)
    return _by_title(shop, found, text)


def _hinted(shop: Shop, context: Context, text: str) -> Pointed | None:
    """What is described, counted or called in part, of all that the exchanges spoke of."""
    if shop.find_slots(text):
        return None
    hint = hinted(shop, context, text)
    if hint is None:
        return None
    said = text.replace(hint.words, IT) if hint.words else text
    return Pointed(said, dict(hint.thing.slots))


def _by_title(shop: Shop, found: Shown, text: str) -> Pointed | None:
    """The one option whose title stands in the text."""
    said = titles_said(shop, text)
    things = {
        one.value: found.things.get(one.value, {SERIES: one.value})
        for one in found.question.options
    }
    hits = [
        (words, slots)
        for words, series in said.items()
        for slots in things.values()
        if slots.get(SERIES) == series
    ]
    if len(hits) != 1:
        return None
    [(words, slots)] = hits
    return Pointed(
        re.sub(re.escape(words), IT, text, flags=re.IGNORECASE),
        dict(slots),
        found.question.use_case,
    )


def _other(shop: Shop, context: Context, text: str) -> Pointed | None:
    words = OTHER.search(text)
    slots = other_of(shop, context) if words and context.question is None else None
    return Pointed(text.replace(words.group(), IT), slots) if words and slots else None


def _pointers(text: str) -> Iterator[str]:
    for pattern in POINTERS:
        yield from (found.group() for found in pattern.finditer(text))


def _volume(shop: Shop, context: Context, text: str) -> Pointed | None:
    """The volume of the series talked about that a text is about."""
    series = {name: context.entities[name] for name in (SERIES, TITLE) if name in context.entities}
    if not series or titles_said(shop, text):
        return None
    found = volume_meant(text, context.entities.get(VOLUME))
    if found is None:
        return None
    volume, words = found
    return Pointed(text.replace(words, IT), series | {VOLUME: volume})


def _clauses(text: str) -> tuple[str, ...]:
    return tuple(part for part in CLAUSE.split(text) if part and part != IT)

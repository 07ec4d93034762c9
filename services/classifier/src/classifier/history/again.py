"""What was asked last, asked once more of something else: "and ABC123?", "same for vol 5"."""

import re
from collections.abc import Mapping

from classifier.choice import Choice
from classifier.english import is_trade
from classifier.history.elliptic import OF_BOOKS, OF_ORDERS, SMALL
from classifier.history.numerals import in_digits
from classifier.history.subject import SERIES, TITLE, VOLUME
from classifier.history.wanted import concerned, named
from classifier.spelling import LONGEST, spellings
from events.context import Context
from events.decision import Evidence
from playbook.rule import Match
from playbook.shop import Shop

AGAIN = re.compile(
    r"^(?:(?:and|but|or|also|then|no|yes|yeah|ok|okay|so|sorry|wait|actually|what about|how about"
    r"|oh+|ooh+|ah+|hm+|um+|uh+|lol|haha+|cool|great|nice|thanks|alright|right|next|got|do you have"
    r"|i mean|i meant|just|(?:the )?same(?: (?:thing|question|again|goes|story|please))?|now|try"
    r"|only|for|with|on|of|is it)[,.! ]+)+(.{1,60}?)\W*$",
    re.IGNORECASE,
)
"""The same once more, of something else: "and ABC123?", "same for vol 5", "no, I meant Monster"."""

ALONE = re.compile(r"^((?:#|no\. ?|number )?\d{1,3})\W*$", re.IGNORECASE)
"""A number alone is the volume, where volumes were talked about."""

UNLISTED = re.compile(
    r"(?:^|[ .,])(?:[Aa]nd|[Oo]r|(?:[Ww]hat|[Hh]ow) about|for|meant|got|have) "
    r"(?P<title>[A-Z][\w'’!&.-]*(?: (?:(?:of|the|and|with|a|in|to|no|x) )*[A-Z\d][\w'’!&.-]*)*)"
    r"(?: then| too| please)?[ .!?]*$"
)
CORRECTS = re.compile(
    r"^.+?\b(?:no wait|wait,? no|i mean|i meant|make that|scratch that|or rather|sorry|actually)\b"
    r"[,.! ]*(?=\S)",
    re.IGNORECASE,
)
"""What was said before is taken back: "22 23?? no wait just 22"."""

BARE_THINGS = 80
"""Rules of so few characters fire on a bare thing: an order id, a title with its volume."""


def put_again(shop: Shop, context: Context, text: str, match: Match | None) -> Choice | None:
    """What was asked last, asked of another order, series or volume.

    A rule that takes the thing for the same matter says so itself; one of an order alone or of
    what was talked about ("and volume 13?") gives way to the matter of the last turn.
    """
    use_case = context.use_case
    if (
        use_case is None
        or len(text) > LONGEST
        or (match and (match.rule.use_case == use_case or _says_more(match)))
    ):
        return None
    plainly = spellings(text.strip())
    corrected = (CORRECTS.sub("", one) for one in plainly if CORRECTS.match(one))
    for said in map(in_digits, (*plainly, *corrected)):
        again = AGAIN.match(said) or ALONE.match(said)
        slots = (named(shop, in_digits(again[1])) or _unlisted(text)) if again else {}
        if slots and concerned(shop, use_case, slots):
            slots = _of_series(context, slots)
            why = f"asks {use_case} once more, of {' '.join(slots.values())}"
            return Choice(Evidence.QUESTION, use_case, why, slots=slots)
    return None


def _of_series(context: Context, slots: Mapping[str, str]) -> dict[str, str]:
    """A volume alone is one of the series talked about."""
    known = context.entities
    alone = slots.keys() == {VOLUME}
    return ({name: known[name] for name in (SERIES, TITLE) if name in known} if alone else {}) | {
        **slots
    }


def _unlisted(text: str) -> dict[str, str]:
    """A title that the catalogue lacks, told by its capital letters ("and Giant Killing?")."""
    found = UNLISTED.search(text)
    words = found["title"].lower().split() if found else []
    if found is None or text.isupper() or any(is_trade(word) for word in words):
        return {}
    return (
        {} if words[0] in SMALL or set(words) <= OF_BOOKS | OF_ORDERS else {TITLE: found["title"]}
    )


def _says_more(match: Match) -> bool:
    """Whether a rule tells a matter, and not only that a thing was named."""
    return not match.rule.anaphoric and match.rule.max_characters > BARE_THINGS

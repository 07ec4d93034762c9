"""Whether a text leans on what was said before: a fragment, a pronoun, a part of a thing."""

import re

from classifier.history.frame import NUMBER, ORDINAL, OTHER
from classifier.spelling import spellings

ANAPHORA = re.compile(
    r"^(?:and|but|what about|how about|also)\b"
    r"|\b(?:it|its|it's|they|them|that|this|that one|the order|those|these|the (?:whole )?thing"
    r"|the (?:author|artist|plot|ending|hero|heroine|main character|protagonist|villain|cover)"
    r"|(?:this|that) (?:guy|author|artist|writer)|the (?:whole|entire) (?:thing|lot|order))\b",
    re.IGNORECASE,
)
THIRD_PERSON = re.compile(r"\b(?:he|him|she)(?:'s)?\b", re.IGNORECASE)
PERSON = re.compile(
    r"\b(?:son|daughter|brother|sister|friend|girlfriend|boyfriend|wife|husband|mum|mom|mother|dad"
    r"|father|niece|nephew|cousin|kid|child|boy|girl|uncle|aunt|grand\w+|teacher|boss|colleague"
    r"|neighbou?r|someone|somebody|guy|man|woman|driver|partner|roommate|student)\b",
    re.IGNORECASE,
)
"""Whom "he" means where a text says it itself; else it is somebody in the book."""

FRAGMENT = re.compile(
    r"^(?:yes|yeah|yep|no|nope|ok|okay|sure|the \w+ one|(?:and|what about|how about)\b.{1,60})\W*$",
    re.IGNORECASE,
)
AGAIN = re.compile(
    r"^(?:(?:no|yes|yeah|nope|wait|sorry|i mean|i meant|and|what about|how about|or|just|only|also)"
    r"[, ]+)*(?:(?:the )?(?:other|another) \w+"
    r"|(?:just |only )?(?:volume|vol\.?|book|number|no\.?|#) ?\d{1,3})(?:,? please)?\W*$",
    re.IGNORECASE,
)
"""A choice made anew ("no, the other order", "and volume 2"): said to whom just asked for one."""


def is_fragment(text: str) -> bool:
    """Whether a text makes sense only as a word to whoever asked last."""
    text = text.strip()
    short = FRAGMENT.match(text) and not text.lower().startswith(("and", "what", "how"))
    return bool(short or AGAIN.match(text) or ORDINAL.match(text) or NUMBER.match(text))


def refers_back(text: str) -> bool:
    """Whether a text may mean something said before ("and when does it arrive?").

    "The other one" means what was not talked about.
    """
    other = any(OTHER.match(said) for said in spellings(text.strip()))
    person = THIRD_PERSON.search(text) and not PERSON.search(text)
    return not other and bool(ANAPHORA.search(text) or person)


def needs_context(text: str) -> bool:
    """Whether a text means nothing by itself ("the second one", "yes", "and volume 13?")."""
    text = text.strip()
    return bool(FRAGMENT.match(text) or ORDINAL.match(text) or NUMBER.match(text))

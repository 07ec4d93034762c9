"""Fragments that mean something only after the turn before, and the words around them."""

import re

from classifier.history.frame import LEAD, NUMBER, ORDINAL, OTHER, TAIL
from classifier.spelling import plain

PREPOSED = re.compile(
    r"^(?:(?:and|but|or|what about|how about|also|even|ok|so)[, ]+)+"
    r"(?:to|for|in|from|by|with|without|until|after|before|within) (?:\S+ ?){1,5}$"
    r"|^(?:to|for|in|from|by|with|without) (?:\S+ ){0,2}\S+\?$",
    re.IGNORECASE,
)
BARE = re.compile(
    r"^(?:(?:and|but|so|ok|okay|oh|hm+)[,. ]+)*(?:why(?: not| is that)?|when(?: exactly)?|where"
    r"|how|how (?:long|come|much|many|soon|so)|since when|until when|by when|which(?: ones?)?"
    r"|are you sure|really|what|what do you mean)(?: then| again| exactly| please)*[ ?!.]*$",
    re.IGNORECASE,
)
"""A question word alone."""

LEADING = re.compile(
    r"^(?:(?:and|but|or|also|then|so|ok|okay|no|yes|yeah|well|oh|what about|how about|wait|sorry"
    r"|hm+|lol|haha+|aw+|argh|wow|great|thanks|cool|nice|sounds (?:good|great|cool|nice|fun)"
    r"|i mean|i meant|please|by the way|btw|what|hey)\b[,.! ]+)+",
    re.IGNORECASE,
)
TRAILING = re.compile(
    r"(?:[, ]+(?:then|too|as well|though|instead|please|actually|anyway|again|by the way|btw"
    r"|thanks))+"
    r"(?P<mark>[ .!?]*)$",
    re.IGNORECASE,
)
UNNAMED = re.compile(
    rf"{LEAD}(?:(?:cheap|old|new|dear|small|bigg?|short|long|earli|lat)(?:er|est)|more expensive"
    rf"|middle|same|right|wrong|other|another|next|previous|most recent){TAIL}"
    rf"|{LEAD}(?:both|either|neither|any|all|none|each)(?: one)?(?: of (?:them|those|these))?"
    r"(?:,? please)?\W*$"
    r"|^(?:(?:i|well|hm+|sorry)[, ]+)*(?:don't (?:know|remember)|not sure|no idea|dunno|whichever"
    r"|whatever|doesn't matter|can't remember|am not sure|have no idea)(?: which(?: one)?)?\W*$",
    re.IGNORECASE,
)
"""An answer that does not tell which: whoever asked must ask again, or take both."""

STILL = re.compile(
    rf"{LEAD}(?:still|already|not yet|yet|nothing yet|no news|any(?:thing)? (?:news|new|yet))"
    r"(?: (?:not|no|nothing|news|there|here|yet|waiting|stuck|moving|nowhere|the same|on|it|now))*"
    r"[ ?!.]*$",
    re.IGNORECASE,
)
OTHERS = "points at another one"


def bare(text: str) -> str:
    """A short text with its slips mended and without the words around it."""
    return TRAILING.sub(r"\g<mark>", LEADING.sub("", plain(text.strip())))


def kind_of(text: str) -> str | None:
    """What a fragment does, or None where a text is none."""
    if BARE.match(text):
        return "asks with a word alone"
    if PREPOSED.match(text):
        return "asks for another case"
    if STILL.match(text):
        return "asks whether anything has changed"
    places = OTHER.match(text) or ORDINAL.match(text) or NUMBER.match(text)
    return OTHERS if places else None

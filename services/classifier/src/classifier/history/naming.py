"""The option that a text names by a word of it, by its id or by a part of that."""

import re

from rapidfuzz import fuzz

from events.context import Option

WORD = re.compile(r"[^\W_]+")
SAYS_NOTHING = re.compile(
    r"a|about|an|and|for|from|i|in|is|it|just|m|mean|my|of|on|one|only|or|please|s|that|the|to"
    r"|w|was|wit|with|which|where|who|has|having|i'm|think|guess|believe|maybe|yes|no|tho|though"
    r"|sounds|good|great"
)
SAYS_LITTLE = frozenset({"option", "order", "number", "ending", "ends", "id"})
"""Left out unless an option has the word."""

SIMILAR = 84.0
"""Least likeness in percent of two words: one letter missing of four, or one wrong of seven."""

SHORTEST_MISTYPED = 4

SHORTEST_PART = 3
"""Letters or digits of a part of an id."""


def by_name(options: tuple[Option, ...], text: str) -> Option | None:
    """The one option that has every telling word of the text; none where two have them."""
    names = {option: words_of(f"{option.value} {option.label}") for option in options}
    said = words_of(text) - (SAYS_LITTLE - frozenset().union(*names.values()))
    if all(word.isdigit() for word in said):
        return None
    named = [
        option
        for option, words in names.items()
        if all(any(alike(word, other) for other in words) for word in said)
    ]
    return named[0] if len(named) == 1 else None


def by_value(options: tuple[Option, ...], text: str) -> Option | None:
    """The option whose value a text is, whatever its case and marks: `abc-123` is ABC123."""
    said = squeezed(text)
    return next((o for o in options if said and squeezed(o.value) == said), None)


def by_part(options: tuple[Option, ...], text: str) -> Option | None:
    """The one option whose id begins or ends with what a text tells ("733 i think")."""
    said = [word for word in WORD.findall(text.lower()) if word in words_of(text) - SAYS_LITTLE]
    if len(said) != 1 or len(said[0]) < SHORTEST_PART:
        return None
    ids = {one: squeezed(one.value) for one in options if any(c.isdigit() for c in one.value)}
    found = [one for one, id_ in ids.items() if id_.startswith(said[0]) or id_.endswith(said[0])]
    return found[0] if len(found) == 1 else None


def says_no_more(text: str, value: str) -> bool:
    """Whether a text names a value and tells nothing else ("it's order ABC-123, please")."""
    telling = words_of(text) - SAYS_LITTLE
    said = [word for word in WORD.findall(text.lower()) if word in telling]
    return "".join(said) == squeezed(value)


def words_of(text: str) -> frozenset[str]:
    """The telling words of a text, in small letters."""
    words = WORD.findall(text.lower())
    return frozenset(word for word in words if not SAYS_NOTHING.fullmatch(word))


def squeezed(text: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def alike(word: str, other: str) -> bool:
    """Whether a word is the other, mistyped at most. What has a digit must be equal."""
    if word == other or len(word) < SHORTEST_MISTYPED or not word.isalpha():
        return word == other
    return fuzz.ratio(word, other) >= SIMILAR

"""Genres and themes in a customer's words."""

import re
from collections.abc import Collection

from rag.matching.words import words

SAME = {
    "scary": "horror",
    "creepy": "horror",
    "spooky": "horror",
    "funny": "comedy",
    "funnier": "comedy",
    "comedies": "comedy",
    "humor": "comedy",
    "humour": "comedy",
    "romantic": "romance",
    "romcom": "romance",
    "romcoms": "romance",
    "sad": "tragedy",
    "sadder": "tragedy",
    "cry": "tragedy",
    "tearjerker": "tragedy",
    "cook": "food",
    "cooking": "food",
    "sci fi": "sci-fi",
    "scifi": "sci-fi",
    "science fiction": "sci-fi",
    "space opera": "space",
    "cozy": "gentle",
    "cosy": "gentle",
    "wholesome": "gentle",
    "relaxing": "gentle",
    "quiet": "gentle",
    "calm": "gentle",
    "calmer": "gentle",
    "softer": "gentle",
    "happier": "gentle",
    "thrillers": "thriller",
    "vampire": "vampires",
    "samurais": "samurai",
    "ghost": "ghosts",
    "historical": "history",
    "sport": "sports",
    "sporty": "sports",
    "dragon": "dragons",
    "adventures": "adventure",
    "detectives": "detective",
    "crimes": "crime",
    "psycho": "psychological",
    "landscapes": "nature",
    "superhero": "superheroes",
    "swords": "swordplay",
    "drawn beautifully": "art",
    "strong heroine": "heroine",
    "female lead": "heroine",
    "strong women": "heroine",
}
"""What customers say, and what the catalogue calls it."""

CLOSE = {"food": ("gourmet",), "sci-fi": ("space",), "gentle": ("slice of life", "healing")}
"""Themes that answer for one another."""

NOT = re.compile(
    r"\b(?:without|no|not|hates?|don't like|dislikes?|but no|isn't|instead of|minus)"
    r"(?: (?:the|any|so|too|much|a|only|quite|of|more)){0,2} (\w+(?: \w+)?)",
    re.IGNORECASE,
)
MOST_WORDS = 3


def wanted(text: str, vocabulary: Collection[str]) -> frozenset[str]:
    """The genres and themes of the catalogue that a text names, be it in other words."""
    said = [word.text for word in words(text)]
    runs = {
        " ".join(said[start : start + size])
        for size in range(1, MOST_WORDS + 1)
        for start in range(len(said) - size + 1)
    }
    runs |= {run.replace(" ", "-") for run in runs} | {run.removesuffix("s") for run in runs}
    called = {SAME[run] for run in runs if run in SAME}
    named = (runs | called) & set(vocabulary)
    return frozenset(named.union(*(CLOSE.get(one, ()) for one in called | named)) & set(vocabulary))


def avoided(text: str, vocabulary: Collection[str]) -> frozenset[str]:
    """The genres and themes that a text does not want."""
    told = (found[1] for found in NOT.finditer(text))
    return frozenset().union(*(wanted(one, vocabulary) for one in told))

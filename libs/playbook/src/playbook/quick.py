"""A quick first look for a pattern in a text of ASCII letters: most texts, and most rules' answer.

`re` goes through a text several times faster where it need not regard case, so the look is at the
text in small letters. It may say yes where there is nothing, and never no where the pattern is
found: docs/adr/0025-rules-in-small-letters.md.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

ESCAPE = r"\\."
CLASS = r"\[\^?\]?(?:\\.|[^\]\\])*\]"
TOKEN = re.compile(rf"{ESCAPE}|{CLASS}|[()|]|[^\\\[()|]+", re.DOTALL)
"""A pattern's pieces. Parentheses and bars stand alone, unless they are escaped or in a class."""

UNDIVIDED = re.compile(r"\\[1-9]|\(\?(?:P=|\(|#|[a-z-]*[)x])")
"""References to groups, comments, flags for all of a pattern: no alternative stands by itself."""

CASED = re.compile(r"[A-Z\u017f\u0131\u0130\u212a]|^\?[a-z]*-")
"""Letters that small ASCII letters are only the same as where case is disregarded."""

NUMBERED = frozenset([r"\x", r"\u", r"\U", r"\N", r"\0"])
"""Escapes that stand for letters."""

EDGE = r"\b"
EVERY = "".join(chr(code) for code in range(128) if not chr(code).isupper())

NAMED = re.compile(r"\(\?P<\w+>")

Look = Callable[[str], object]
NOTHING: Look = re.compile(r"(?!)").match


@dataclass(frozen=True)
class Quick:
    """Two looks: at the text in small letters, and at it as it is written, if that is needed.

    Where neither finds anything, neither does the pattern.
    """

    small: Look
    written: Look | None = None

    def may_be_in(self, written: str, small: str | None) -> bool:
        """Whether a look finds anything. Without a text in small letters it may always."""
        if small is None or self.small(small):
            return True
        return self.written is not None and self.written(written) is not None


def quick(pattern: str) -> Quick:
    """The quick look for a pattern that is searched for without regard to case."""
    if UNDIVIDED.search(pattern):
        return Quick(NOTHING, re.compile(pattern, re.IGNORECASE).search)
    small: dict[str, list[str]] = {}
    cased = []
    for one in _alternatives(pattern):
        if _is_cased(one):
            cased.append(one)
        else:
            small.setdefault(_start(one), []).append(one)
    written = re.compile("|".join(cased), re.IGNORECASE).search if cased else None
    return Quick(_any([_look(start, "|".join(ones)) for start, ones in small.items()]), written)


def quick_of_any(patterns: Iterable[str]) -> Quick:
    """The quick look for several patterns at once, without their groups' names.

    Where one of them is undivided, it would mean something else among the others: then always yes.
    """
    together = tuple(patterns)
    if any(UNDIVIDED.search(one) for one in together):
        return Quick(lambda _: True)
    return quick("|".join(f"(?:{NAMED.sub('(?:', one)})" for one in together) or "(?!)")


def _any(looks: list[Look]) -> Look:
    if len(looks) > 1:
        return lambda small: any(look(small) for look in looks)
    return looks[0] if looks else NOTHING


def _look(start: str, pattern: str) -> Look:
    compiled = re.compile(pattern)
    return compiled.match if start == "^" else compiled.search


def _start(alternative: str) -> str:
    """What an alternative begins with. `re` is quicker where all of them begin alike."""
    if _is_anchored(alternative):
        return "^"
    return EDGE if alternative.startswith(EDGE) else ""


def _is_anchored(pattern: str) -> bool:
    """Whether a pattern is found at the start of a text alone."""
    if pattern.startswith("(?:"):
        inner = _first_group(pattern)
        return inner is not None and all(map(_is_anchored, _alternatives(inner)))
    return pattern.startswith("^") and len(_alternatives(pattern)) == 1


def _first_group(pattern: str) -> str | None:
    """What is inside of the group that a pattern begins with; None where it may be left out."""
    depth = at = 0
    for token in TOKEN.findall(pattern):
        depth += (token == "(") - (token == ")")
        at += len(token)
        if not depth:
            break
    return None if pattern[at : at + 1] in ("?", "*", "{") else pattern[3 : at - 1]


def _alternatives(pattern: str) -> list[str]:
    """What stands between a pattern's outermost bars."""
    found, depth = [""], 0
    for token in TOKEN.findall(pattern):
        if token == "|" and not depth:
            found.append("")
            continue
        depth += (token == "(") - (token == ")")
        found[-1] += token
    return found


def _is_cased(pattern: str) -> bool:
    return any(map(_is_cased_token, _tokens(pattern)))


def _tokens(pattern: str) -> Iterator[str]:
    """A pattern's pieces, without the P of named groups."""
    return (token.removeprefix("?P<") for token in TOKEN.findall(pattern))


def _is_cased_token(token: str) -> bool:
    if token.startswith("["):
        return _is_cased_class(token)
    return token[:2] in NUMBERED if token.startswith("\\") else CASED.search(token) is not None


@lru_cache(maxsize=256)
def _is_cased_class(token: str) -> bool:
    """Whether a class (`[a-z]`) holds other characters where case is disregarded."""
    return re.findall(token, EVERY) != re.findall(token, EVERY, re.IGNORECASE)

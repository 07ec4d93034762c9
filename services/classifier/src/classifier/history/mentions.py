"""The orders and books that a reply speaks of, each with what is said of it.

A shop's sentence lists things as well as a numbered list does: "Blue Lock starts at $12.99 and
Pluto at $10.99", "one for #ABC123, paid out, and one for #DEF456, which is still open".
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from classifier.history.subject import ORDER_ID, SERIES, TITLE, VOLUME
from classifier.history.wanted import titles_of
from playbook.shop import Shop
from playbook.titles import Titles, folded

WORD = re.compile(r"[^\s,;:()\"“”|]+")
LONGEST_TITLE = 8
VOLUME_AFTER = re.compile(
    r"(?:,? (?:volume|vol\.?) |,? #| )(?P<volume>\d{1,3})\b"
    r"(?!\s?%|[.,]\d|[ -]+(?:volumes?|books?|copies|pages?|dollars?|parts?|years?|euros?)\b)",
    re.IGNORECASE,
)
NAME = r"[A-Z\d][\w'’!&.-]*[\w!&]"
UNKNOWN = re.compile(
    rf"(?P<before>^|[,;:.!?] |\b(?:and|or|try|suggest|have|like|love|are) )"
    rf"(?P<title>{NAME}(?: (?:(?:of|the|and|with|a|an|in|to|at|no|for|x|is) )*{NAME})*)"
    r"(?=,| (?:and|or|is|are|has|have|starts?|costs?|at|tells?|follows?|by|\(|-|–|—) ?|[.!?;:]|$)"
)
"""A name that the catalogue does not have, where a list would have one."""

NO_TITLE_WORDS = (
    "i yes no sorry our it in on the a an we you this that these those three two both one order"
    " please shall which what try then and or hi hello thanks thank sure gladly of there here"
    " january february march april may june july august september october november december"
    " for volume volumes vol book books edition chapter part"
    " monday tuesday wednesday thursday friday saturday sunday ups dhl usps fedex paypal"
)
NO_TITLE = frozenset(NO_TITLE_WORDS.split())
NO_TITLE_ENDS = frozenset(["edition", "editions", "set", "box", "boxes", "omnibus", "paperback"])
"""A name that ends so is what a book comes in: "the Eternal Edition"."""
ARTICLES = frozenset({"the", "a", "an", "my", "your"})
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z#])|\n+")
TELLING = re.compile(r"[^\W\d_]{3,}|\d")
PLAIN = re.compile(r"\b(?:and|or|are|the|have|has|both|one|with|for|you|could|try|order)\b", re.I)
EXAMPLE = re.compile(r"\b(?:for example|e\.g\.|for instance|such as|like)[,:]? #?$", re.IGNORECASE)
"""Before an order id that only shows how one looks."""
CLAUSE_START = re.compile(r".*(?:[,;:]|\band\b|\bor\b)\s", re.DOTALL)


@dataclass(frozen=True)
class Mention:
    """One order or book: its slots, and every clause that tells something of it."""

    slots: Mapping[str, str]
    label: str

    @property
    def value(self) -> str:
        """What tells this thing from others of its kind."""
        return " ".join(self.slots.values())


@dataclass(frozen=True)
class _Hit:
    slots: Mapping[str, str]
    start: int
    end: int


def orders_in(shop: Shop, reply: str) -> tuple[Mention, ...]:
    """The orders of a reply, each once, in their order."""
    slot = shop.slots.get(ORDER_ID)
    found = slot.compiled.finditer(reply) if slot else ()
    hits = [
        _Hit({ORDER_ID: slot.normal(hit.group())}, hit.start(), hit.end())
        for hit in found
        if slot and hit.group().isupper() and not EXAMPLE.search(reply, 0, hit.start())
    ]
    return _mentions(reply, hits)


def books_in(shop: Shop, reply: str) -> tuple[Mention, ...]:
    """The books of a reply, each once: series of the catalogue, and titles that it lacks."""
    known = tuple(_known(titles_of(shop), reply))
    hits = sorted((*known, *_unknown(_without(reply, known))), key=lambda hit: hit.start)
    return _mentions(reply, hits)


def _known(titles: Titles, reply: str) -> Iterator[_Hit]:
    words, at = list(WORD.finditer(reply)), 0
    while at < len(words):
        hit = _title_at(titles, reply, words[at : at + LONGEST_TITLE])
        if hit is None:
            at += 1
            continue
        yield hit
        at = next((n for n, w in enumerate(words) if w.start() >= hit.end), len(words))


def _title_at(titles: Titles, reply: str, words: list[re.Match[str]]) -> _Hit | None:
    """The longest title that begins with these words; one of a single common word never."""
    start = words[0].start()
    if not (reply[start].isupper() or reply[start].isdigit()):
        return None
    for size in range(len(words), 0, -1):
        text = reply[start : words[size - 1].end()]
        series = titles.get(folded(text))
        if series is None or text.isdigit() or text.strip(".!?").lower() in NO_TITLE:
            continue
        end = start + len(text.rstrip(".?"))
        volume = VOLUME_AFTER.match(reply, end)
        slots = {SERIES: series} | ({VOLUME: volume["volume"]} if volume else {})
        return _Hit(slots, start, volume.end() if volume else end)
    return None


def _unknown(reply: str) -> Iterator[_Hit]:
    for found in UNKNOWN.finditer(reply):
        title, start = found["title"], found.start("title")
        words = title.lower().split()
        first = words[0].strip("'’")
        if " " not in title or first.isdigit() or (first in NO_TITLE and first not in ARTICLES):
            continue
        if words[-1] in NO_TITLE_ENDS:
            continue
        yield _Hit({TITLE: title}, start, found.end("title"))


def _without(reply: str, hits: Iterable[_Hit]) -> str:
    """The reply with blanks where titles are known: they are no part of other ones."""
    for hit in hits:
        reply = reply[: hit.start] + " " * (hit.end - hit.start) + reply[hit.end :]
    return reply


def _mentions(reply: str, hits: list[_Hit]) -> tuple[Mention, ...]:
    labels: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for hit, label in zip(hits, _labels(reply, hits), strict=True):
        labels.setdefault(tuple(hit.slots.items()), []).append(label)
    return tuple(Mention(dict(key), " / ".join(said)) for key, said in labels.items())


def _labels(reply: str, hits: list[_Hit]) -> list[str]:
    """What is told of each: up to the next one where the telling follows, else from the last."""
    told = []
    for start, end in _sentences(reply):
        inside = [hit for hit in hits if start <= hit.start < end]
        if inside:
            told += _of_sentence(reply, inside, start, end)
    return told


def _of_sentence(reply: str, hits: list[_Hit], start: int, end: int) -> list[str]:
    tail = PLAIN.sub("", reply[hits[-1].end : end])
    if not TELLING.search(tail):
        begins = [_clause_start(reply, start, hits[0].start), *(hit.end for hit in hits)]
        pairs = zip(begins, hits, strict=False)
        return [reply[begin : hit.end].strip(" ,;:.") for begin, hit in pairs]
    ends = [_clause_start(reply, one.end, two.start) for one, two in pairwise(hits)] + [end]
    return [reply[hit.start : stop].strip(" ,;:.") for hit, stop in zip(hits, ends, strict=True)]


def _clause_start(reply: str, start: int, end: int) -> int:
    """Where the last clause begins before a mention."""
    found = CLAUSE_START.match(reply, start, end)
    return found.end() if found else start


def _sentences(reply: str) -> Iterator[tuple[int, int]]:
    at = 0
    for gap in SENTENCE.finditer(reply):
        yield at, gap.start()
        at = gap.end()
    yield at, len(reply)

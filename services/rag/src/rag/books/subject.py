"""What a turn about a book is about: which series, which volume, or why that is not clear."""

import re
from dataclasses import dataclass

from events.decision import Evidence
from events.turn import Turn
from playbook.series import Series
from rag.books.question import GENERAL
from rag.index.shelf import Shelf
from rag.matching.binding import volumes_of
from rag.matching.lists import listed
from rag.matching.matcher import Mention
from rag.matching.strange import strange_title
from rag.matching.volume import Step, asked_step, asked_volumes, without
from rag.matching.words import TRADE, words

SERIES, VOLUME, ASKED = "series", "volume", "asked"
"""Names in the session's entities: the series and volume last talked about, the fields asked."""

MOST_CANDIDATES = 4
FOLLOW = listed("follow")
REFERS = re.compile(
    r"\b(?:it|its|it's|that|this|they|them|their|those|these|he|she|his|her|one|there|the "
    r"(?:author|story|series|book|manga|volume|end(?:ing)?|main|hero(?:ine)?|killer|villain))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Subject:
    """`series` is the one that is meant, or None; then `candidates` may be, or `unknown` is a title
    that the catalogue does not have. `others` are named besides. `rest` is the text without titles.
    `followed` says that the text itself names no series.
    """

    series: Series | None = None
    others: tuple[Series, ...] = ()
    candidates: tuple[Series, ...] = ()
    volumes: tuple[int, ...] = ()
    unknown: str | None = None
    rest: str = ""
    followed: bool = False
    of_others: tuple[tuple[int, ...], ...] = ()
    """The volumes asked of each of the others."""


def find_subject(turn: Turn, shelf: Shelf) -> Subject:
    """The subject of a turn: by the answer to a question, by its words, by what went before."""
    mentions = shelf.find(turn.text)
    rest = without(turn.text, mentions)
    named = _named(turn, shelf, mentions)
    if named:
        if len(named) > 1 and asked_volumes(turn.text, mentions):
            own, *of_others = (volumes_of(turn.text, mentions, one.id) for one in named)
            return Subject(named[0], named[1:], (), own, rest=rest, of_others=tuple(of_others))
        volumes = _volumes(turn, mentions, named[0], followed=False)
        return Subject(named[0], named[1:], volumes=volumes, rest=rest)
    if unsure := _candidates(shelf, mentions):
        volumes = asked_volumes(turn.text, mentions)
        return Subject(candidates=unsure, volumes=volumes, rest=rest)
    if unknown := strange_title(turn.text, mentions):
        return Subject(unknown=unknown, volumes=asked_volumes(turn.text, mentions), rest=rest)
    before = shelf.get(turn.slots.get(SERIES) or turn.context.entities.get(SERIES))
    before = before if goes_on(rest) else None
    volumes = _volumes(turn, mentions, before, followed=True)
    return Subject(before, volumes=volumes, rest=rest, followed=True)


def goes_on(text: str) -> bool:
    """Whether a text that names no series may be about the one before.

    It refers to it, or every word may be asked of any book: "is blue giant finished?" is about
    another one, though nothing in it is written like a title.
    """
    return bool(REFERS.search(text)) or all(_of_any_book(word.text) for word in words(text))


def _of_any_book(word: str) -> bool:
    return word in FOLLOW or word in GENERAL or word in TRADE or word[0].isdigit()


def _named(turn: Turn, shelf: Shelf, mentions: tuple[Mention, ...]) -> tuple[Series, ...]:
    """The series that the turn surely names, the first one first."""
    if turn.decision and turn.decision.by is Evidence.QUESTION:
        chosen = shelf.get(turn.slots.get(SERIES))
        if chosen:
            return (chosen,)
    found = dict.fromkeys(one.one for one in mentions if one.one)
    return tuple(shelf.series[one] for one in found if one)


def _candidates(shelf: Shelf, mentions: tuple[Mention, ...]) -> tuple[Series, ...]:
    """What the first unclear mention may mean, short titles first: they are the main series."""
    for mention in mentions:
        found = sorted((shelf.series[one] for one in mention.series), key=lambda s: len(s.title))
        if found:
            return tuple(found[:MOST_CANDIDATES])
    return ()


def _volumes(
    turn: Turn, mentions: tuple[Mention, ...], series: Series | None, *, followed: bool
) -> tuple[int, ...]:
    """The volumes asked for, by number or by place; else the one talked about, where nothing else
    is named."""
    if found := asked_volumes(turn.text, mentions):
        return found
    known = turn.context.entities.get(VOLUME, "")
    at = int(known) if known.isdigit() else None
    step = asked_step(turn.text)
    if step is Step.LAST and series and series.volumes:
        return (series.volumes,)
    if step in (Step.NEXT, Step.BEFORE) and followed and at:
        return (at + 1,) if step is Step.NEXT else (max(at - 1, 1),)
    answers = turn.decision is not None and turn.decision.by is Evidence.QUESTION
    return (at,) if at and (followed or answers) else ()

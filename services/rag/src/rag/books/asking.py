"""Turns about a book that do not say which: a question back, or an honest no."""

import re
from collections.abc import Sequence

from events.context import Context, Question
from events.reply import Reply
from events.task import Task
from events.turn import Turn
from playbook.series import Series
from rag.books.composing import near_policies
from rag.books.question import Field
from rag.books.subject import ASKED, SERIES, VOLUME, Subject
from rag.kit import Kit
from rag.matching.words import words
from rag.reply import left, options_of, routed, sources_of
from worker.handler import Outcome, Unavailable

USE_CASE = "product_info"
REFERS = re.compile(r"\b(?:it|its|it's|that|this|they|them|those|one)\b", re.IGNORECASE)
FRAGMENT_WORDS = 4
"""A text of so few words leaves out what it is about."""


async def unclear(turn: Turn, subject: Subject, fields: Sequence[Field], kit: Kit) -> Outcome:
    """What to say where no series is meant for sure."""
    if subject.candidates:
        return _which(turn, subject.candidates, subject, fields, kit)
    if author := kit.shelf().by(turn.text):
        name, series = author
        text = kit.desk.works(name, series)
        return turn.reply(text, sources=sources_of(series), leaves=left(turn, {}))
    if subject.unknown:
        return turn.reply(kit.desk.unknown(subject.unknown), leaves=_open(turn, subject, fields))
    plain = turn.reply(kit.desk.ask(), leaves=_open(turn, subject, fields, asks=True))
    if REFERS.search(turn.text) or len(words(turn.text)) <= FRAGMENT_WORDS:
        return plain
    return await _general(turn, plain, kit)


async def _general(turn: Turn, plain: Reply, kit: Kit) -> Outcome:
    """A question about the shop's books at large: a policy may answer it."""
    try:
        policies = await near_policies(turn.text, kit)
    except Unavailable as away:
        return plain.model_copy(update={"degraded": (*plain.degraded, away.dependency)})
    return routed(turn, Task.COMPOSE, policies, plain) if policies else plain


def _which(
    turn: Turn,
    candidates: tuple[Series, ...],
    subject: Subject,
    fields: Sequence[Field],
    kit: Kit,
) -> Reply:
    options = options_of(candidates)
    question = Question(use_case=USE_CASE, slot=SERIES, options=options)
    leaves = _open(turn, subject, fields).model_copy(update={"question": question})
    return turn.reply(kit.desk.which(options), leaves=leaves)


def _open(turn: Turn, subject: Subject, fields: Sequence[Field], *, asks: bool = False) -> Context:
    """The context of a question that waits for its series: what is asked of it is kept."""
    volume = str(subject.volumes[0]) if subject.volumes else None
    entities = {SERIES: None, VOLUME: volume, ASKED: ",".join(fields)}
    question = Question(use_case=USE_CASE, slot=SERIES) if asks else None
    return left(turn, entities, question)

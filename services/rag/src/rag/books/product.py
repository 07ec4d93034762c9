"""What is asked about a book: answered by a field, by a question back, or with evidence."""

from events.turn import Turn
from playbook.series import Series
from rag.books.asking import unclear
from rag.books.composing import composed
from rag.books.question import HELD, Field, asked_fields
from rag.books.subject import ASKED, SERIES, Subject, find_subject
from rag.books.telling import Part, beyond, past_end, told, told_each
from rag.evidence import weighed
from rag.kit import Kit
from worker.handler import Outcome


async def about_book(turn: Turn, kit: Kit) -> Outcome:
    """The outcome of a turn about a book. Raises Unavailable where nothing true can be said."""
    subject = find_subject(turn, kit.shelf())
    fields = _fields(turn, subject)
    series = subject.series
    if series is None:
        return await unclear(turn, subject, fields, kit)
    if subject.of_others and all(_held(field, one) for one in _all(subject) for field in fields):
        return await told_each(turn, _parts(subject), fields, kit)
    wrong = None if Field.EDITION in fields else past_end(series, subject.volumes)
    if wrong:
        return beyond(turn, series, wrong, fields, kit)
    if not subject.others and all(_held(field, series) for field in fields):
        return await told(turn, series, subject.volumes, fields, kit)
    return await composed(turn, (series, *subject.others), subject.volumes, fields, kit)


def _all(subject: Subject) -> tuple[Series, ...]:
    return (subject.series, *subject.others) if subject.series else subject.others


def _parts(subject: Subject) -> list[Part]:
    """Each series with the volumes that are asked of it."""
    return list(zip(_all(subject), (subject.volumes, *subject.of_others), strict=True))


def _fields(turn: Turn, subject: Subject) -> tuple[Field, ...]:
    """What is asked. "and volume 13?", or the title that was asked for, asks the same as before."""
    fields = asked_fields(subject.rest)
    before = turn.context.entities.get(ASKED)
    question = turn.context.question
    again = subject.followed or (question is not None and question.slot == SERIES)
    if before and again and fields == (Field.ABOUT,) and "about" not in turn.text.lower():
        return tuple(Field(one) for one in before.split(","))
    return fields


def _held(field: Field, series: Series) -> bool:
    """Whether catalogue or stock can answer this field for this series."""
    needs: dict[Field, object] = {
        Field.VOLUMES: series.volumes,
        Field.AUTHOR: series.authors,
        Field.YEAR: series.year,
        Field.STATUS: series.status,
        Field.GENRES: series.genres,
        Field.DEMOGRAPHIC: series.demographic,
        Field.VIOLENCE: weighed(series),
        Field.AGE: series.demographic or weighed(series),
    }
    return field in HELD and bool(needs.get(field, True))

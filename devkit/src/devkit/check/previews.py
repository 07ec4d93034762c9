"""The book of previews: pieces without gaps that make up the answer, and of one owner alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from devkit.check.account import Piece, Seen
from devkit.check.book import Book
from devkit.check.purse import Claim, Key
from devkit.check.turns import key_of, name_of
from events.preview import Preview
from events.reader import Reader
from events.reply import Reply
from events.task import Task

LOST = "preview"
"""The mark of a reply that says a preview may be missing: its readers saw the beginning."""

Numbered = tuple[str, str, int]
"""A turn in one of its epochs."""


def previews(
    pieces: Sequence[Piece],
    accepted: Sequence[Reply],
    egress: Sequence[Seen],
    claims: Iterable[Claim],
) -> Book:
    """Pieces that are missing, out of order, or not those of the answer."""
    promise = "an epoch's pieces have no gap and make up its answer; a later owner's replace them"
    tasks = {(claim.session_id, claim.turn_id): claim.task for claim in claims}
    told = [reply for reply in accepted if reply.epoch and tasks.get(key_of(reply)) != Task.WARM]
    broken = [f"stream {p.partition}@{p.offset}: {p.broken}" for p in pieces if p.broken]
    wrong = (*broken, *_gaps(pieces), *_unlike(pieces, told), *_mixed(pieces, egress, told))
    return Book("previews", promise, wrong)


def _ordered(pieces: Iterable[Piece]) -> list[Preview]:
    standing = sorted(pieces, key=lambda piece: (piece.partition, piece.offset))
    return [piece.preview for piece in standing if piece.preview]


def _epochs(pieces: Iterable[Piece]) -> Mapping[Numbered, list[Preview]]:
    found: dict[Numbered, list[Preview]] = defaultdict(list)
    for preview in _ordered(pieces):
        found[preview.session_id, preview.turn_id, preview.epoch].append(preview)
    return found


def _gaps(pieces: Iterable[Piece]) -> Iterable[str]:
    for (session, turn, epoch), shown in _epochs(pieces).items():
        numbers = [preview.seq for preview in shown]
        if numbers != list(range(len(numbers))):
            yield f"{session}/{turn} epoch {epoch}: pieces {numbers}"


def _unlike(pieces: Iterable[Piece], told: Iterable[Reply]) -> Iterable[str]:
    epochs = _epochs(pieces)
    for reply in told:
        shown = "".join(one.text for one in epochs.get((*key_of(reply), reply.epoch), ()))
        if not (shown == reply.text or (LOST in reply.degraded and reply.text.startswith(shown))):
            yield f"{name_of(key_of(reply))}: {len(shown)} characters shown, {len(reply.text)} told"


def _mixed(pieces: Iterable[Piece], egress: Iterable[Seen], told: Iterable[Reply]) -> Iterable[str]:
    """Answers before which a reader showed something else than their beginning."""
    screens = last_screens(pieces, egress)
    for reply in told:
        shown = screens.get(key_of(reply), "")
        if not reply.text.startswith(shown):
            yield f"{name_of(key_of(reply))}: readers saw {shown[:60]!r} before the answer"


def last_screens(pieces: Iterable[Piece], egress: Iterable[Seen]) -> dict[Key, str]:
    """What a reader of both topics showed of each turn just before its reply.

    Records of the two topics are put in order by the broker's stamps. A preview is acknowledged
    before the reply is sent, so it comes first where both bear the same one.
    """
    reader, screens = Reader(limit=1_000_000), dict[Key, str]()
    shown = ((piece.timestamp_ms, 0, piece.offset, piece.preview) for piece in pieces)
    final = ((seen.timestamp_ms, 1, seen.offset, seen.reply) for seen in egress)
    for *_, event in sorted(chain(shown, final), key=lambda entry: entry[:3]):
        if isinstance(event, Preview):
            if (sentences := reader.preview(event)) is not None:
                screens[event.session_id, event.turn_id] = "".join(sentences)
        elif event is not None:
            reader.reply(event)
    return screens

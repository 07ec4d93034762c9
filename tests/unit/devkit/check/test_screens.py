"""What a reader of previews and replies showed last, before the answer."""

import pytest

from devkit.check.account import Piece, Seen
from devkit.check.previews import last_screens, previews
from devkit.check.purse import Claim
from events.preview import Preview
from events.reply import Reply, Status
from events.task import Task

KEY = ("s", "t")


def piece(at_ms: int, epoch: int, seq: int, text: str) -> Piece:
    preview = Preview(session_id="s", turn_id="t", epoch=epoch, seq=seq, text=text)
    return Piece(partition=0, offset=at_ms, timestamp_ms=at_ms, preview=preview)


def told(at_ms: int, text: str, epoch: int, *marks: str) -> Seen:
    reply = Reply(
        session_id="s",
        turn_id="t",
        status=Status.COMPLETED,
        text=text,
        asked_at=0,
        epoch=epoch,
        degraded=marks,
    )
    return Seen(partition=0, offset=at_ms, timestamp_ms=at_ms, reply=reply)


def offenders(pieces: list[Piece], seen: Seen, task: Task = Task.ANSWER) -> tuple[str, ...]:
    assert seen.reply
    claim = Claim(session_id="s", turn_id="t", epoch=seen.reply.epoch, state="settled", task=task)
    return previews(pieces, [seen.reply], [seen], [claim]).offenders


TWO = [piece(1, 1, 0, "One. "), piece(2, 1, 1, "Two.")]


def test_a_higher_epoch_clears_what_a_lower_one_showed() -> None:
    pieces = [*TWO, piece(3, 2, 0, "New. ")]
    assert last_screens(pieces, [told(9, "New. End.", 2)]) == {KEY: "New. "}


def test_a_lower_epoch_and_what_comes_after_the_answer_is_dropped() -> None:
    pieces = [piece(1, 2, 0, "New."), piece(2, 1, 0, "Old."), piece(5, 3, 0, "Late.")]
    assert last_screens(pieces, [told(4, "New.", 2)]) == {KEY: "New."}


def test_the_pieces_of_an_answer_are_its_text() -> None:
    assert offenders(TWO, told(2, "One. Two.", 1)) == ()
    assert offenders(TWO[:1], told(2, "One. Two.", 1)) == ("s/t: 5 characters shown, 9 told",)


@pytest.mark.parametrize(("text", "wrong"), [("One. Two.", False), ("Other.", True)])
def test_of_lost_previews_readers_saw_the_beginning(text: str, wrong: bool) -> None:
    assert bool(offenders(TWO[:1], told(2, text, 1, "preview"))) is wrong


def test_warmth_has_no_previews() -> None:
    assert offenders([], told(2, "Kind words.", 1), Task.WARM) == ()


def test_a_fallback_may_replace_anything() -> None:
    assert offenders(TWO[:1], told(2, "Plain.", 0, "model:big")) == ()


def test_a_gap_is_found_though_no_reply_came() -> None:
    gap = [piece(1, 1, 0, "a"), piece(2, 1, 2, "c")]
    assert offenders(gap, told(3, "Plain.", 0)) == ("s/t epoch 1: pieces [0, 2]",)

"""The reader's rule: exactly one answer a turn, whatever arrives twice or late."""

from hypothesis import given
from hypothesis import strategies as st

from events.preview import Preview
from events.reader import Reader
from events.reply import Reply, Status


def reply(turn_id: str = "t-1", session: str = "s-1", text: str = "answer") -> Reply:
    return Reply(
        session_id=session, turn_id=turn_id, status=Status.COMPLETED, text=text, asked_at=0
    )


def preview(seq: int, epoch: int = 1, turn_id: str = "t-1") -> Preview:
    return Preview(session_id="s-1", turn_id=turn_id, epoch=epoch, seq=seq, text=f"{epoch}.{seq}")


def test_the_first_reply_is_shown_and_every_other_dropped() -> None:
    reader = Reader()
    assert reader.reply(reply())
    assert not reader.reply(reply())
    assert not reader.reply(reply(text="another"))


def test_turns_and_sessions_are_told_apart() -> None:
    reader = Reader()
    assert reader.reply(reply())
    assert reader.reply(reply(turn_id="t-2"))
    assert reader.reply(reply(session="s-2"))


def test_previews_grow_in_order() -> None:
    reader = Reader()
    assert reader.preview(preview(0)) == ["1.0"]
    assert reader.preview(preview(1)) == ["1.0", "1.1"]


def test_a_preview_again_or_out_of_order_is_dropped() -> None:
    reader = Reader()
    assert reader.preview(preview(1)) is None
    assert reader.preview(preview(0)) == ["1.0"]
    assert reader.preview(preview(0)) is None
    assert reader.preview(preview(2)) is None
    assert reader.preview(preview(1)) == ["1.0", "1.1"]


def test_a_higher_epoch_clears_and_a_lower_one_is_dropped() -> None:
    reader = Reader()
    reader.preview(preview(0))
    reader.preview(preview(1))
    assert reader.preview(preview(0, epoch=3)) == ["3.0"]
    assert reader.preview(preview(1)) is None
    assert reader.preview(preview(1, epoch=2)) is None
    assert reader.preview(preview(0, epoch=2)) is None
    assert reader.preview(preview(1, epoch=3)) == ["3.0", "3.1"]


def test_a_higher_epoch_clears_even_when_its_first_preview_was_missed() -> None:
    reader = Reader()
    reader.preview(preview(0))
    assert reader.preview(preview(1, epoch=2)) is None
    assert reader.preview(preview(1)) is None
    assert reader.preview(preview(0, epoch=2)) == ["2.0"]


def test_after_the_reply_nothing_of_the_turn_is_shown() -> None:
    reader = Reader()
    reader.preview(preview(0))
    assert reader.reply(reply())
    assert reader.preview(preview(1)) is None
    assert reader.preview(preview(0, epoch=9)) is None
    assert reader.preview(preview(0, turn_id="t-2")) == ["1.0"]


def test_only_the_newest_turns_are_remembered() -> None:
    reader = Reader(limit=2)
    for turn_id in ("t-1", "t-2", "t-3"):
        reader.reply(reply(turn_id))
    assert not reader.reply(reply("t-3"))
    assert reader.reply(reply("t-1"))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(1, 3))))
def test_each_turn_is_answered_once_in_any_order_of_events(
    events: list[tuple[str, bool, int]],
) -> None:
    reader, shown = Reader(), []
    for turn_id, final, epoch in events:
        if final and reader.reply(reply(turn_id)):
            shown.append(turn_id)
        if not final:
            drawn = reader.preview(preview(0, epoch, turn_id))
            assert not (drawn and turn_id in shown)
    assert sorted(shown) == sorted({turn_id for turn_id, final, _ in events if final})

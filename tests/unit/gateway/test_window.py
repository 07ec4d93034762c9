"""The window: bounded by count and age, and one reply a turn."""

from hypothesis import given
from hypothesis import strategies as st

from events.reply import Reply, Status
from gateway.window import MAX_SESSION_REPLIES, Kept, Position, Window


def add(window: Window, session: str, turn: str, offset: int, seen_ms: int = 0) -> bool:
    reply = Reply(
        session_id=session,
        turn_id=turn,
        turn_no=None,
        status=Status.COMPLETED,
        text="",
        asked_at=0,
    )
    return window.reply(reply, Kept(Position(0, offset), turn), seen_ms)


def turns(window: Window, session: str, after: int | None = None) -> list[str]:
    position = None if after is None else Position(0, after)
    return [kept.data for kept in window.after(session, position)]


def test_replies_after_a_position_come_in_order() -> None:
    window = Window()
    for offset in (3, 7, 8):
        add(window, "s", f"t-{offset}", offset)
    assert turns(window, "s") == ["t-3", "t-7", "t-8"]
    assert turns(window, "s", 3) == ["t-7", "t-8"]
    assert turns(window, "s", 8) == []
    assert turns(window, "other") == []


def test_old_sessions_are_forgotten() -> None:
    window = Window(max_age_ms=1_000)
    add(window, "old", "t-1", 0, seen_ms=10_000)
    add(window, "new", "t-1", 1, seen_ms=10_600)
    window.forget(11_001)
    assert window.get("old", "t-1") is None
    assert window.get("new", "t-1") is not None
    assert window.replies == 1


def test_a_forgotten_turn_is_shown_again_when_it_is_answered_again() -> None:
    window = Window(max_age_ms=1_000)
    assert add(window, "s", "t-1", 0, seen_ms=0)
    assert not add(window, "s", "t-1", 1, seen_ms=500)
    window.forget(5_000)
    assert add(window, "s", "t-1", 2, seen_ms=5_000)


def test_the_quietest_session_goes_first_when_there_are_too_many_replies() -> None:
    window = Window(max_replies=3)
    add(window, "a", "t-1", 0)
    add(window, "b", "t-1", 1)
    add(window, "a", "t-2", 2)
    add(window, "c", "t-1", 3)
    assert turns(window, "b") == []
    assert turns(window, "a") == ["t-1", "t-2"]


def test_one_session_keeps_its_newest_replies() -> None:
    window = Window()
    for number in range(MAX_SESSION_REPLIES + 5):
        add(window, "s", f"t-{number}", number)
    assert len(turns(window, "s")) == MAX_SESSION_REPLIES == window.replies
    assert turns(window, "s")[0] == "t-5"


def test_a_position_beyond_what_was_read_is_unknown() -> None:
    window = Window()
    add(window, "s", "t-1", 4)
    assert window.known(Position(0, 4))
    assert not window.known(Position(0, 5))
    assert not window.known(Position(1, 0))


Arrivals = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 8)), max_size=80)


@given(Arrivals, st.integers(1, 20))
def test_the_count_is_what_is_kept(arrivals: list[tuple[str, int]], limit: int) -> None:
    window = Window(max_replies=limit)
    for offset, (session, turn) in enumerate(arrivals):
        add(window, session, f"t-{turn}", offset, seen_ms=offset)
        kept = [turns(window, name) for name in "abc"]
        assert window.replies == sum(map(len, kept))
        assert all(len(set(one)) == len(one) for one in kept)
        assert window.replies <= limit or sum(map(bool, kept)) == 1


@given(st.integers(0, 999_999_999), st.integers(0, 10**18 - 1))
def test_a_position_is_read_as_it_is_written(partition: int, offset: int) -> None:
    position = Position(partition, offset)
    assert Position.parse(str(position)) == position

"""What the network hears of a turn: the turn behind what was said last."""

from hypothesis import given
from hypothesis import strategies as st

from classifier.reading.heard import LEAST, MOST, end_of, heard
from events.context import Context


def after(said: str, replied: str) -> Context:
    return Context().remembering(said, replied)


def test_a_first_turn_is_heard_as_it_is() -> None:
    assert heard(Context(), "where is my order") == "where is my order"


def test_a_turn_stands_behind_both_sides() -> None:
    context = after("the corner is bent", "Which order is it from?")
    assert heard(context, "PLM 771") == "the corner is bent Which order is it from? PLM 771"


def test_only_the_newest_exchange_is_heard() -> None:
    context = after("hello", "Hi!").remembering("bye", "See you!")
    assert heard(context, "wait") == "bye See you! wait"


def test_a_long_reply_keeps_its_end_where_the_question_is() -> None:
    context = after("help", "There is much to be said about it. " * 20 + "Shall I cancel it?")
    said = heard(context, "yes")
    assert said.endswith("Shall I cancel it? yes")
    assert len(said) <= MOST + len("yes")


def test_a_long_turn_leaves_room_for_a_little() -> None:
    context = after("help me please", "word " * 100)
    assert len(heard(context, "x" * 1_000)) <= 1_000 + LEAST + 2


@given(words=st.text(max_size=200), most=st.integers(1, 100))
def test_an_end_is_an_end_and_short_enough(words: str, most: int) -> None:
    end = end_of(words, most)
    assert words.endswith(end)
    assert len(end) <= most

from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st
from suites.provider import model

from devkit.simulator.event import pieces
from devkit.simulator.pace import Pace
from devkit.simulator.profile import Label
from devkit.simulator.sentence import first_end
from devkit.simulator.stopping import Stop, still_there, stopped
from devkit.simulator.tokens import tokens_of


@given(st.text())
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


def test_pieces_are_a_few_words() -> None:
    found = list(pieces("I would start with these.\nVinland Saga: a saga of vikings."))
    assert found[0] == "I would start with"
    assert found[1] == " these.\nVinland"
    assert all(tokens_of(piece) <= 8 for piece in found)


@given(st.text(max_size=200), st.integers(min_value=1, max_value=60))
def test_an_answer_is_never_longer_than_allowed(text: str, limit: int) -> None:
    cut = stopped(text, limit)
    assert tokens_of(cut.text) <= limit
    assert (cut.reason == "max_tokens") == (tokens_of(text) > limit)


def test_the_first_stop_sequence_ends_an_answer() -> None:
    assert stopped("one two three", 100, ["three", "two"]) == Stop("one ", "stop_sequence", "two")


def test_an_error_that_was_cut_away_is_not_labelled() -> None:
    labels = (Label("promise", "We will."), Label("invented", "It glows."))
    assert still_there(labels, "Hello. We will.") == labels[:1]


@pytest.mark.parametrize(
    ("text", "length"),
    [("I see. And you?", 6), ('He said "no." Yes.', 13), ("no end", 6), ("3.5 stars. Yes.", 10)],
)
def test_where_the_first_sentence_ends(text: str, length: int) -> None:
    assert first_end(text) == length


def test_the_first_token_comes_log_normally() -> None:
    pace, haiku = Pace(seed=5), model()
    drawn = [pace.first_token_s(haiku) * 1000 for _ in range(20_000)]
    cuts = quantiles(drawn, n=100)
    assert cuts[49] == pytest.approx(100, rel=0.03)
    assert cuts[98] == pytest.approx(300, rel=0.06)


def test_the_same_seed_draws_the_same_and_speed_divides() -> None:
    haiku = model()
    slow = [Pace(seed=5).first_token_s(haiku) for _ in range(3)]
    fast = [Pace(seed=5, speed=10).first_token_s(haiku) for _ in range(3)]
    assert slow == pytest.approx([10 * one for one in fast])
    assert Pace(seed=5, speed=10).token_s(haiku) == pytest.approx(0.001)

"""A reply of nothing but marks holds up no other turn: the loop is everybody's."""

import time

import pytest
from suites.reference_shop import shop
from suites.told import NAMES, turn

from llm.output.guard import Guard
from llm.sentences import Sentences, sentences

GUARD = Guard(shop(), NAMES)
LONG, DELTA, MOST_S = 4000, 4, 0.5
"""Characters of a reply and of one event, and the seconds of the processor it may take."""


@pytest.mark.parametrize("unit", [".", "!", "!? ", "a. ", "。", '."', " ", "Wow! "])
def test_a_long_run_of_marks_is_cut_and_guarded_at_once(unit: str) -> None:
    text = (unit * LONG)[:LONG]
    check, one = GUARD.check(turn()), Sentences()
    started, pieces = time.process_time(), list[str]()
    for at in range(0, LONG, DELTA):
        pieces += one.feed(text[at : at + DELTA])
    pieces += one.rest()
    for piece in pieces:
        check(piece)
    took = time.process_time() - started
    assert "".join(pieces) == text
    assert pieces == sentences(text)
    assert took < MOST_S

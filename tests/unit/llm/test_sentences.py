"""Sentences are cut where they end, and nothing is lost, however the text arrives."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from llm.sentences import Sentences, sentences

PIECES = st.lists(
    st.sampled_from(
        [
            *"abZ I19.!?…\n \t,:\"”')“&。」",
            "vol. ",
            "Dr. ",
            "Blame! ",
            "No. ",
            "e.g. ",
            "\n\n- ",
            "3.5",
        ]
    ),
    max_size=40,
).map("".join)


def cut(text: str, places: list[int]) -> list[str]:
    ends = sorted({place % (len(text) + 1) for place in places} | {len(text)})
    return [text[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


def fed(chunks: list[str]) -> list[str]:
    one = Sentences()
    pieces = [piece for chunk in chunks for piece in one.feed(chunk)]
    return pieces + one.rest()


@given(st.one_of(st.text(max_size=60), PIECES), st.lists(st.integers(0, 200), max_size=30))
@example("Is it. \nno", [7, 8])
def test_pieces_are_the_text_and_do_not_depend_on_the_chunks(text: str, places: list[int]) -> None:
    pieces = fed(cut(text, places))
    assert "".join(pieces) == text
    assert pieces == sentences(text)
    assert all(pieces)


@given(st.lists(st.sampled_from(["It is out.", "Is it?", "Yes!", "It is “late.”"]), max_size=6))
def test_plain_sentences_come_apart(said: list[str]) -> None:
    assert [piece.strip() for piece in sentences(" ".join(said))] == said


@pytest.mark.parametrize(
    "text",
    [
        "See vol. 12 of it.",
        "See Vol. 12 of it.",
        "I like Dr. Stone a lot.",
        "Take a quiet one, e.g. Mushishi, for that.",
        "Take a quiet one, e.g. Yotsuba&! for that.",
        "We have No. 6 in nine volumes.",
        "It weighs 3.5 on that scale.",
        "It costs $12.90 today.",
        "Blame! is by Tsutomu Nihei.",
        "Blame! Volume 2 is out.",
        "You may like Haikyu!! Volume 3 is out.",
        'You may like "Haikyu!!" Volume 3 of it is out.',
        "Yotsuba&! has 15 volumes.",
        "We have Yotsuba&! 15 volumes are out.",
        "1. Berserk is dark.",
        "12) Berserk is dark.",
        "It is by J. R. Tanaka.",
        "Well... it is long.",
        "Well … it is long.",
        "It opens at 9 a.m. Pacific time.",
        "Write to help@kumo-manga.example or see kumo-manga.example/returns now.",
        "Is it out?! it is.",
        "Goodnight Punpun (2007–2013) is grave.",
    ],
)
def test_stays_whole(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "pieces",
    [
        ["It is out.", " We have it."],
        ["What?!", " It is out!", " Really."],
        ["No.", " That is not so."],
        ["Great!", " Volume 2 is out."],
        ["You may like Haikyu!!", " It has 45 volumes."],
        ["Here are two:", "\n- Berserk, dark", "\n- Monster: a chase.", "\n\nBoth are finished."],
        ["1. Berserk is dark.", "\n2. Monster is slow."],
        ["It is in volume 12.", " The next one is late."],
        ["She said “Stop.”", " Then it ended."],
        ["He asked (why?)", " Nobody knew."],
        ["It ended...", " Nobody knew."],
        ["It ended…", " Nobody knew."],
        ["全27巻です。", "完結しています。"],
        ["It is out.", " \n"],
        ["  \n "],
        ["One line", "  \nand another"],
    ],
)
def test_cuts_here_and_nowhere_else(pieces: list[str]) -> None:
    assert sentences("".join(pieces)) == pieces


def test_a_sentence_comes_with_the_first_word_after_it() -> None:
    one = Sentences()
    assert one.feed("It is out.") == []
    assert one.feed(" We") == []
    assert one.feed(" have") == ["It is out."]
    assert one.rest() == [" We have"]
    assert one.rest() == []

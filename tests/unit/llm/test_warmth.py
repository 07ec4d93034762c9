"""Warmth may add what states nothing; whatever else it changes keeps the plain text on its way."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from suites.reference_shop import shop

from llm.output.warmth import Warmth, tokens

SHOP = shop()
WARMTH = Warmth(SHOP.guard.courtesies)
PLAIN = (
    "Your return of order #ABC123 is open. Send Berserk, volume 12, within 30 days with our label: "
    "https://kumo-manga.example/r/ABC123. If it is with us by 3 Feb, $12.90 goes back within 5 "
    "working days; we can't take read books. Questions? Write to help@kumo-manga.example."
)
LIST = "Which one do you want to send back?\n1. Berserk, volume 12\n2. Berserk, volume 13"


@pytest.mark.parametrize(
    "opening",
    [
        "I am sorry about the wait.",
        "I'm so sorry to hear that!",
        "Oh no, that is not how a book should arrive. I am sorry.",
        "It was a kind thought, and that is an easy mix-up to make.",
        "That happens in the best of families, and we can sort it out.",
        "Thank you for telling me; we will get this put right.",
        "Of course, I am happy to help with that.",
        "No problem at all, we will take it step by step.",
        "I am sorry for the trouble, and I understand that you are upset.",
        "No worries!",
    ],
)
@pytest.mark.parametrize("plain", [PLAIN, LIST])
def test_a_kind_sentence_may_stand_before_and_after(plain: str, opening: str) -> None:
    assert WARMTH.kept(plain, f"{opening} {plain}") == ()
    assert WARMTH.kept(plain, f"{opening}\n\n{plain}\n\nTake your time.") == ()
    assert WARMTH.kept(f"{opening} {plain}", plain) == ()


@pytest.mark.parametrize(
    ("was", "wrote"),
    [
        ("#ABC123", "#ABC124"),
        ("#ABC123", "your order"),
        ("#ABC123", "#abc123"),
        ("volume 12", "volume 13"),
        ("volume 12", "one of the volumes"),
        ("volume 12", "volume twelve"),
        ("Berserk", "Monster"),
        ("30 days", "three days"),
        ("30 days", "30 weeks"),
        ("30 days", "a month"),
        ("within 30 days", "after 30 days"),
        ("within 30 days", ""),
        ("https://kumo-manga.example/r/ABC123", "our website"),
        ("https://kumo-manga.example/r/ABC123", "https://kumo-manga.example/r/abc123"),
        ("3 Feb", "2 Mar"),
        ("3 Feb", "next week"),
        ("$12.90", "$12.9O"),
        ("$12.90", "$1,290"),
        ("$12.90", "about $13"),
        ("$12.90", "12.90"),
        ("5 working days", "5 days"),
        ("can't", "can"),
        ("can't", "won't"),
        ("help@kumo-manga.example", "us"),
        ("If it is", "When it is"),
        ("is open", "is not open"),
        ("is open", "is closed"),
        ("is open.", "is open?"),
        ("goes back", "goes back at once"),
        ("read books", "books"),
        ("Send", "We send"),
        ("with our label", "with your label"),
        ("open.", "open. It is free of charge."),
        ("open.", "open. We will send you a gift as well."),
        ("open.", "open. Of course you can keep the book."),
        ("open.", "open. I am sorry about the 20 days."),
    ],
)
def test_a_changed_fact_is_named(was: str, wrote: str) -> None:
    warmed = "I am sorry about the wait. " + PLAIN.replace(was, wrote, 1)
    assert WARMTH.kept(PLAIN, warmed) != ()


def test_it_says_what_was_lost_and_added() -> None:
    assert WARMTH.kept("Send it by 3 Feb.", "Send it by Friday.") == ("lost 3 feb", "added friday")


def test_options_stay_in_their_order() -> None:
    turned = "Which one do you want to send back?\n1. Berserk, volume 13\n2. Berserk, volume 12"
    assert WARMTH.kept(LIST, turned) != ()
    assert WARMTH.kept(LIST, LIST.replace("\n2. Berserk, volume 13", "")) != ()


def test_dates_that_change_places_are_seen() -> None:
    plain = "It left us on 3 Feb and is due by 5 Feb."
    assert WARMTH.kept(plain, "It left us on 5 Feb and is due by 3 Feb.") != ()


@pytest.mark.parametrize("marks", ["**{}**", "`{}`", "{}\u200b", "<b>{}</b>", "# {}"])
def test_marks_and_hidden_characters_do_not_go_out(marks: str) -> None:
    assert WARMTH.kept(PLAIN, marks.format(PLAIN)) != ()


def test_kindness_has_an_end() -> None:
    assert WARMTH.kept(PLAIN, "No worries! " * 4 + PLAIN) != ()


def test_colour_words_and_white_space_are_free() -> None:
    assert WARMTH.kept("Write to us.", "Please just write\nto us.") == ()


@given(st.integers(0, 10_000), st.sampled_from([PLAIN, LIST]))
def test_no_word_can_be_dropped(seed: int, plain: str) -> None:
    words = plain.split(" ")
    place = Random(seed).randrange(len(words))
    dropped = " ".join(words[:place] + words[place + 1 :])
    assert bool(WARMTH.kept(plain, dropped)) == bool(tokens(words[place]))


@given(st.text(max_size=200))
def test_a_text_keeps_itself_or_holds_marks(text: str) -> None:
    assert WARMTH.kept(text, text) in ((), ("added marks",))

"""What customers' own words mean to a dialogue about a return."""

import pytest
from suites.listed_returns import book, bought
from suites.reference_shop import shop

from order.returns.books import Named, first_number, named
from order.returns.hearing import OTHER_ORDER, Said, choice_in, consent, reason_in
from order.returns.wish import Choice

TERMS = shop().returns
BERSERK = bought("ABC123", book(1, 1), book(2, 2), book(3, 3))
MIXED = bought(
    "XYZ789",
    book(1, 11, "Vinland Saga"),
    book(2, 12, "Vinland Saga"),
    book(3, 1, "Monster"),
    book(4, None, "Blame! Art Book"),
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Help me return this, my husband bought the wrong volume", "wrong_volume"),
        ("I ordered it by mistake", "wrong_volume"),
        ("that is not the one I ordered", "wrong_volume"),
        ("it arrived with torn pages", "damaged"),
        ("The cover’s bent", "damaged"),
        ("pages 3 to 9 are printed twice and two pages are missing", "damaged"),
        ("the binding came off", None),
        ("it isn't damaged, I just don't like it", "disliked"),
        ("not damaged at all but I already have it", "duplicate"),
        ("nothing is torn, it's just boring", "disliked"),
        ("we own it already", "duplicate"),
        ("I bought it twice", "duplicate"),
        ("my daughter does not like it", "disliked"),
        ("I changed my mind", "disliked"),
        ("too violent for my son", "disliked"),
        ("I'd rather not say", "other"),
        ("another reason", "other"),
        ("I don't want a refund, I want an exchange", None),
        ("no, the other order", None),
        ("that's the wrong order", None),
        ("volume 2 please", None),
        ("yes", None),
    ],
)
def test_a_reason_is_understood(text: str, reason: str | None) -> None:
    assert reason_in(Said(text).plain, TERMS) == reason


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("I'd rather have my money back", Choice.REFUND),
        ("refund please", Choice.REFUND),
        ("exchange it", Choice.EXCHANGE),
        ("can you replace it?", Choice.EXCHANGE),
        ("send me the right volume", Choice.EXCHANGE),
        ("I don't want a refund, I want an exchange", Choice.EXCHANGE),
        ("no refund, please swap it", Choice.EXCHANGE),
        ("my money instead of an exchange", Choice.REFUND),
        ("not an exchange but my money back", Choice.REFUND),
        ("refund or exchange?", None),
        ("I want to return this", None),
        ("no, the other one", None),
    ],
)
def test_a_choice_is_understood(text: str, choice: Choice | None) -> None:
    assert choice_in(Said(text).plain, TERMS) == choice


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("volume 2 please", (2,)),
        ("Vol. 3", (3,)),
        ("vol2", (2,)),
        ("volumes 1 and 3", (1, 3)),
        ("volumes 1-3", (1, 2, 3)),
        ("Berserk 2", (2,)),
        ("berserk volume two", (2,)),
        ("everything", (1, 2, 3)),
        ("all of it", (1, 2, 3)),
        ("the whole order", (1, 2, 3)),
        ("both", ()),
        ("that's all", ()),
        ("I bought 2 books 3 days ago", ()),
        ("order ABC123", ()),
        ("the second one", ()),
        ("volume 7", ()),
        ("swap volume 2 for volume 3", (2,)),
    ],
)
def test_books_of_one_series_are_understood(text: str, lines: tuple[int, ...]) -> None:
    assert named(Said(text).plain, BERSERK).lines == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("vinland saga 12", (2,)),
        ("Vinland Saga, volume 12", (2,)),
        ("the Monster one", (3,)),
        ("vinland saga", ()),
        ("all of the Vinland Saga volumes", (1, 2)),
        ("both Vinland Saga volumes", (1, 2)),
        ("Vinland Saga 11 and Monster 1", (1, 3)),
        ("the blame art book", (4,)),
    ],
)
def test_books_of_several_series_are_understood(text: str, lines: tuple[int, ...]) -> None:
    assert named(Said(text).plain, MIXED).lines == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("the second one", (2,)),
        ("the last one please", (3,)),
        ("3", (3,)),
        ("7", ()),
        ("0", ()),
        ("all", (1, 2, 3)),
        ("hm", ()),
    ],
)
def test_a_place_means_something_where_books_were_listed(text: str, lines: tuple[int, ...]) -> None:
    assert named(text, BERSERK, by_place=True).lines == lines


def test_a_place_counts_what_was_listed() -> None:
    order = bought("ABC123", book(1, 1, label_no="R100001"), book(2, 2), book(3, 3))
    assert named("the first one", order, by_place=True).lines == (2,)
    assert named("everything", order).lines == (2, 3)
    assert named("volume 1", order).lines == (1,)
    none_left = bought("ABC123", book(1, 1, label_no="R100001"))
    assert named("the last one", none_left, by_place=True).lines == ()


def test_what_is_wanted_in_exchange_is_told_from_what_is_sent_back() -> None:
    swap = named("please exchange volume 2 for volume 3", BERSERK)
    assert (swap.lines, swap.instead) == ((2,), 3)
    assert named("i got volume 2, i needed volume 9", BERSERK) == Named((2,), (9,))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("volume 13", 13),
        ("13", 13),
        ("three please", 3),
        ("volume three", 3),
        ("the right one", None),
    ],
)
def test_the_volume_in_exchange_is_a_number(text: str, number: int | None) -> None:
    assert first_number(text) == number


@pytest.mark.parametrize(
    ("text", "agreed"),
    [
        ("yes", True),
        ("Yes please, go ahead!", True),
        ("ok do it", True),
        ("that's right", True),
        ("yes but as a refund", None),
        ("yes, actually wait", None),
        ("yes?", None),
        ("no", False),
        ("nope, leave it", False),
        ("okay, thanks, that's correct.", True),
        ("yes, refund it", True),
        ("No, that's wrong!", False),
        ("please don't", False),
        ("no problem", None),
        ("no idea what that means", None),
        ("don't worry, it can wait", None),
        ("hm", None),
    ],
)
def test_only_a_plain_yes_agrees(text: str, agreed: bool | None) -> None:
    assert consent(Said(text, {}, "return_confirm")) is agreed
    assert consent(Said(text, {"return_confirm": "yes"}, None)) is None
    assert consent(Said(text, {}, "return_item")) is None


HEDGES = [
    "ok forget about the return for today",
    "okay let me ask my husband first",
    "ok give me a minute",
    "yes once my wife agrees",
    "ok can you tell me how i send it",
    "fine print please",
    "ok let me think about it",
    "sure is a lot of work to send a parcel",
    "right now I am at work, I'll answer tonight",
    "ok so which volume do I get then",
    "great, tell me how long the refund takes",
    "yes I know I bought it in May",
    "perfect condition by the way",
    "right, one moment",
    "y tho",
    "yes no",
    "yes maybe",
    "ok tomorrow",
    "sure, after the weekend",
    "yes in case it is free",
    "correct me when I say nonsense",
    "exactly how much do I get",
    "go ahead and explain it",
    "that's right of you to ask",
    "do it next week",
    "ok?",
]


@pytest.mark.parametrize("text", HEDGES)
def test_a_yes_with_more_behind_it_is_no_consent(text: str) -> None:
    assert consent(Said(text, {}, "return_confirm")) is None


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("no, the other order", True),
        ("it's a different order", True),
        ("the other one", True),
        ("in other words", False),
        ("the order", False),
    ],
)
def test_another_order_is_meant(text: str, other: bool) -> None:
    assert bool(OTHER_ORDER.search(text)) is other

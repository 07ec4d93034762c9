"""A title of the catalogue alone asks about that series; an ordinary reply is none."""

import json

import pytest
from suites.reference_shop import PLAYBOOK, shop

from playbook.rule import Match, first_match, words_of
from playbook.series import Series
from playbook.titles import needed_of

LINES = (PLAYBOOK / "catalogue" / "series.jsonl").read_text(encoding="utf-8").splitlines()
SERIES = {one["title"]: one["id"] for one in map(json.loads, LINES)}
ORDINARY = {"Innocent", "Real", "Sunny", "Touch", "Erased"}

TITLES = """
frieren
berserk?
golden kamuy??
what about monster
how about Vinland Saga?
and opm?
ok, akira
hi, one piece
Hello Your Lie in April
do you know blue period
frieren please
the nana manga
death note manga
show me slam dunk
Haikyu!!
yotsuba&!
Hunter x Hunter 🔥
THE CLIMBER
what about real
erased the manga
show me touch
Your Name.
"""

# Replies, names that are greeted, and what says more than a title.
ORDINARY_WORDS = """
real
real?
so real
touch
sunny!
innocent
erased
ok erased
case closed.
look back
the first step?
your name?
your name please
say i love you
hi nana
hello emma!
hey, aria
sorry monster
monster energy drink
a real person
orange juice
i like frieren
frieren made me cry
not berserk
return berserk
berserk is late
got it
you got it
got that
"""

STOCK = """
do u have yotsuba 2
do ya have monster
do yall have nana?
do u guys still have berserk 3
have u got akira 2
have u got any akira 2 left
got any vagabond?
u got frieren
you got monster 2?
is there dorohedoro 5
do you have any beastars in stock
"""

NO_STOCK = """
do u have a phone number
do u have gift cards
got any idea when it comes
got any news
have u got my mail
you got the wrong book
you have my money
u got me the wrong one
is there a human
do you have something like monster
"""


def _rule(text: str) -> str | None:
    match = _match(text)
    return match.rule.id if match else None


def _match(text: str) -> Match | None:
    return first_match(shop().rules, text, known=())


def _lines(block: str) -> list[str]:
    return block.strip().splitlines()


@pytest.mark.parametrize("text", _lines(TITLES))
def test_a_title_alone_asks_about_it(text: str) -> None:
    assert _rule(text) == "bare_title"


@pytest.mark.parametrize("text", _lines(ORDINARY_WORDS))
def test_an_ordinary_reply_is_no_title(text: str) -> None:
    assert _rule(text) != "bare_title"


@pytest.mark.parametrize("title", sorted(SERIES.keys() - ORDINARY))
def test_every_title_but_the_ordinary_words_names_its_series(title: str) -> None:
    match = _match(title)
    assert match is not None
    assert match.rule.use_case == "product_info"
    assert match.slots["series"] == SERIES[title]


@pytest.mark.parametrize("title", sorted(ORDINARY))
def test_an_ordinary_word_is_a_title_where_a_book_is_meant(title: str) -> None:
    assert title in SERIES
    assert _rule(title) != "bare_title"
    assert _rule(f"what about {title}") == "bare_title"


def test_every_name_is_asked_about_by_a_word_of_it() -> None:
    catalogue = (
        Series(id="natsume", title="Natsume's Book of Friends", volumes=30),
        Series(id="eighty-six", title="86", aliases=("Eighty-Six",), volumes=3),
    )
    needed = needed_of(catalogue)
    assert {"friends", "natsumesbookoffriends", "0", "eighty"} <= needed
    for typed in ("natsumes book of friends", "86", "86!", "eighty six", "NatsumesBookOfFriends"):
        assert not needed.isdisjoint(words_of(typed)), typed
    assert needed.isdisjoint(words_of("where is my order"))


@pytest.mark.parametrize("text", _lines(STOCK))
def test_stock_is_asked_for_in_chat_spellings(text: str) -> None:
    assert _rule(text) == "volume_in_stock"


@pytest.mark.parametrize("text", _lines(NO_STOCK))
def test_other_things_are_no_stock(text: str) -> None:
    assert _rule(text) != "volume_in_stock"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("do u ship to norway", "faq_ship_to"),
        ("do ya take paypal", "faq_payment_methods"),
        ("do u offer gift wrapping", "faq_gift_wrapping"),
        ("do u still have it", "is_it_in_stock"),
    ],
)
def test_other_rules_hear_chat_spellings(text: str, rule: str) -> None:
    match = first_match(shop().rules, text)
    assert match is not None
    assert match.rule.id == rule

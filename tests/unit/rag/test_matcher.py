"""Titles in a text: written out, mistyped, shortened; and what is no title."""

import time

import pytest
from suites.library import asked, kit, shelf

from rag.handler import handle
from rag.matching.words import MOST_READ, clipped, fold, is_common, is_known, key_of, words

WRITTEN = [
    ("Tell me about Vinland Saga volume 12", "vinland-saga"),
    ("tell me about monster", "monster"),
    ("What is Dorohedoro about?", "dorohedoro"),
    ("synopsis of 20th Century Boys please", "20th-century-boys"),
    ("give me a summary of Oyasumi Punpun", "goodnight-punpun"),
    ("details on Nausicaä deluxe edition", "nausicaa"),
    ("info on Blame!?", "blame"),
    ("when does Real volume 5 come out", "real"),
    ("Is Kaiju No. 8 finished?", "kaiju-no-8"),
    ("is Mob Psycho 100 any good", "mob-psycho-100"),
    ("what is history of this manga Monster", "monster"),
    ("does volume 34 of AoT have the extended ending", "attack-on-titan"),
    ("got jjk 25??", "jujutsu-kaisen"),
    ("what is Ranma 1/2 about", "ranma"),
    ("is K-On 12 available", "k-on"),
    ("who made punpun", "goodnight-punpun"),
    ("is the promised neverland scary", "promised-neverland"),
    ("sevendeadlysins price", "seven-deadly-sins"),
    ("what's the name of the cat in Natsume", "natsume"),
]
MISTYPED = [
    ("berzerk deluxe 2 avalable?", "berserk"),
    ("is beserk finished", "berserk"),
    ("bersek vol 3", "berserk"),
    ("frieran vol 4 price", "frieren"),
    ("freiren 4", "frieren"),
    ("narutoo vol 72 do u have", "naruto"),
    ("narutto", "naruto"),
    ("vinlnd saga 12", "vinland-saga"),
    ("vinland sage volume 12", "vinland-saga"),
    ("vineland saga", "vinland-saga"),
    ("one peice 105", "one-piece"),
    ("onepiece 3", "one-piece"),
    ("dethnote", "death-note"),
    ("chainsawman 11", "chainsaw-man"),
    ("chansaw man 3", "chainsaw-man"),
    ("jujitsu kaisen", "jujutsu-kaisen"),
    ("jujutsu kaizen 5", "jujutsu-kaisen"),
    ("atack on titan", "attack-on-titan"),
    ("attack on titen 3", "attack-on-titan"),
    ("full metal alchemist 2", "fullmetal-alchemist"),
    ("fullmetal alchemest", "fullmetal-alchemist"),
    ("hunter hunter 4", "hunter-x-hunter"),
    ("hunterxhunter", "hunter-x-hunter"),
    ("haikyu!! 20", "haikyu"),
    ("haikyuu 20", "haikyu"),
    ("dorohedro 2", "dorohedoro"),
    ("dororohedoro", "dorohedoro"),
    ("tokio ghoul", "tokyo-ghoul"),
    ("tokyo goul 4", "tokyo-ghoul"),
    ("vagabon 12", "vagabond"),
    ("vagabound 12", "vagabond"),
    ("slamdunk 3", "slam-dunk"),
    ("mushi-shi", "mushishi"),
    ("mushisi", "mushishi"),
    ("parasite manga called parasyt", "parasyte"),
    ("uzumakki", "uzumaki"),
    ("goodnight pun pun", "goodnight-punpun"),
    ("good night punpun", "goodnight-punpun"),
    ("20th centry boys", "20th-century-boys"),
    ("spyxfamily 3", "spy-x-family"),
    ("spy family 3", "spy-x-family"),
    ("dandandan 4", "dandadan"),
    ("kagura bachi", "kagurabachi"),
    ("hellsin 2", "hellsing"),
    ("claymor 3", "claymore"),
    ("blak clover 11", "black-clover"),
    ("demon slyer", "demon-slayer"),
    ("rurouni kenshin", "rurouni-kenshin"),
    ("ruroni kenshin", "rurouni-kenshin"),
    ("yu yu hakushu", "yu-yu-hakusho"),
]
NOTHING = [
    "and volume 13?",
    "how much is it?",
    "does it have color pages",
    "I want a monster story for my son",
    "any monster manga?",
    "another one?",
    "the real price please",
    "is it real",
    "do you have anything with a kingdom in it",
    "what is the given name of the author",
    "good sunny day to you",
    "where is my order",
    "I'm looking for something scary",
]


@pytest.mark.parametrize(("text", "series"), WRITTEN)
def test_finds_what_is_written(text: str, series: str) -> None:
    assert [mention.one for mention in shelf().find(text)] == [series]


@pytest.mark.parametrize(("text", "series"), MISTYPED)
def test_finds_what_is_mistyped(text: str, series: str) -> None:
    assert series in [mention.one for mention in shelf().find(text)]


def test_enough_misspellings_are_held() -> None:
    assert len(MISTYPED) >= 40


@pytest.mark.parametrize("text", NOTHING)
def test_everyday_words_are_no_titles(text: str) -> None:
    assert [mention for mention in shelf().find(text) if mention.sure] == []


def test_a_word_that_may_be_a_title_is_unsure() -> None:
    (mention,) = shelf().find("monster manga")
    assert (mention.series, mention.sure, mention.one) == (("monster",), False, None)


def test_a_title_that_goes_on_is_not_the_shorter_one() -> None:
    (mention,) = shelf().find("is Vinland Saga Origins out")
    assert not mention.sure
    assert shelf().find("how violent is My Little Monster")[0].one == "my-little-monster"


def test_finds_several_in_their_order() -> None:
    found = shelf().find("a bit like Naruto, a bit like haikyuu and vagabnd")
    assert [mention.one for mention in found] == ["naruto", "haikyu", "vagabond"]


def test_places_are_those_of_the_text() -> None:
    text = "Is “Vinland Saga” good?"
    (mention,) = shelf().find(text)
    assert text[mention.start : mention.end] == "Vinland Saga"


def test_an_author_is_found_by_full_and_by_family_name() -> None:
    full, family = shelf().by("what else did Naoki Urasawa make"), shelf().by("I've read Urasawa's")
    assert full is not None
    assert family == full
    assert {"monster", "pluto"} <= {one.id for one in full[1]}
    assert shelf().by("what do you have") is None


def test_folding_keeps_what_is_compared() -> None:
    assert fold("Nausicaä's") == "nausicaas"
    assert key_of("Yotsuba&!") == "yotsuba and"
    assert key_of("Spy×Family") == "spy x family"
    assert is_common("monsters")
    assert is_known("titans")
    assert not is_common("titan")
    assert not is_known("vinlnd")


def test_finding_is_quick() -> None:
    started = time.perf_counter()
    for text, _ in MISTYPED:
        shelf().find(text)
    assert (time.perf_counter() - started) / len(MISTYPED) < 0.05


ORDINARY = "my sister told me on a quiet evening that she would love old stories of kings. " * 60
LONG_TEXTS = [ORDINARY, "vinlnd saga " * 400, "qwertz asdfgh yxcvbn poiuz lkjhg mnbvc " * 120]


@pytest.mark.parametrize("text", [long[:4000] for long in LONG_TEXTS])
async def test_a_long_text_does_not_hold_the_loop(text: str) -> None:
    await handle(asked("warm up berzerk"), kit=kit())
    spent = []
    for _ in range(3):
        started = time.process_time()
        await handle(asked(text), kit=kit())
        spent.append(time.process_time() - started)
    assert min(spent) < 0.06


def test_only_the_beginning_is_read_and_no_word_is_cut() -> None:
    text = "word " * 79 + "berserk and more"
    assert clipped(text) == ("word " * 79).strip()
    assert len(clipped("x" * 5000)) == MOST_READ
    assert clipped("short. ") == "short. "
    assert shelf().find(ORDINARY + "Berserk") == ()


def test_a_word_opens_a_sentence_behind_its_end() -> None:
    said = words("“Yes. (Now go” on: well")
    assert [word.text for word in said if word.opens] == ["yes", "now", "well"]


@pytest.mark.parametrize(
    "text",
    [
        "attack on titan before the fall volume 2 price",
        "price of berserk of gluttony 2",
        "what does naruto shippuden 5 cost",
        "Do you have Bleach: burn the witch?",
    ],
)
def test_a_title_within_a_longer_one_is_unsure(text: str) -> None:
    assert [mention.one for mention in shelf().find(text)] == [None]


@pytest.mark.parametrize(
    "text",
    ["monster finished?", "berserk price", "berserk availible", "Berserk: how much is volume 3?"],
)
def test_what_is_asked_of_a_title_makes_it_no_longer_one(text: str) -> None:
    assert shelf().find(text)[0].one in ("monster", "berserk")

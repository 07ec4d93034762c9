"""Turns about a book: facts by template, questions back, evidence, and honest noes."""

from datetime import date

import pytest
from suites.bookshop import STOCK
from suites.library import ListedStock, WordSearch, asked, kit, shelf
from suites.people import turn

from events.context import Context
from events.decision import Evidence
from events.reply import Reply, Status
from events.route import Route
from events.task import Task
from events.tier import Tier
from events.turn import Turn
from rag.books.stock import Copy, Stock
from rag.handler import handle
from rag.kit import Kit
from worker.handler import Rejected

SOLD = ListedStock({"vinland-saga": STOCK})


async def said(text: str, context: Context | None = None, using: Kit | None = None) -> Reply:
    outcome = await handle(asked(text, context=context), kit=using or kit(SOLD))
    assert isinstance(outcome, Reply)
    assert outcome.status is Status.COMPLETED
    return outcome


async def handed_on(text: str, using: Kit | None = None) -> Route:
    outcome = await handle(asked(text), kit=using or kit(SOLD))
    assert isinstance(outcome, Route)
    return outcome


async def test_a_volume_is_told_from_catalogue_and_stock() -> None:
    reply = await said("Tell me about Vinland Saga volume 12")
    series = shelf().series["vinland-saga"]
    arc = next(arc for arc in series.arcs if arc.first <= 12 <= arc.last)
    assert f"volume 12 of {series.volumes}" in reply.text
    assert arc.title in reply.text
    assert "costs $21.99 and is out of stock; we expect it on 3 Dec" in reply.text
    assert [(one.kind, one.ref) for one in reply.sources] == [
        ("catalogue", "vinland-saga"),
        ("stock", "vinland-saga"),
    ]


async def test_the_series_and_the_volume_are_remembered() -> None:
    reply = await said("Tell me about Vinland Saga volume 12")
    assert reply.leaves is not None
    assert reply.leaves.entities["series"] == "vinland-saga"
    assert reply.leaves.entities["volume"] == "12"
    assert reply.leaves.question is None
    follow = await said("and volume 13?", reply.leaves)
    assert "Vinland Saga, volume 13" in follow.text
    price = await said("how much is it?", follow.leaves)
    assert "Volume 13 of Vinland Saga costs $24.99" in price.text
    later = await said("and the next volume?", price.leaves)
    assert "We don't sell volume 14 of Vinland Saga" in later.text


async def test_a_follow_up_asks_the_same_as_before() -> None:
    first = await said("How much is Vinland Saga 11")
    assert (await said("and volume 13?", first.leaves)).text == (
        "Volume 13 of Vinland Saga costs $24.99 and is out of stock, and there is no date yet."
    )


async def test_another_title_is_never_answered_for_the_one_before() -> None:
    before = (await said("Tell me about Vinland Saga")).leaves
    reply = await said("is Zorgblatt Harbour finished?", before)
    assert "can't find a series called “Zorgblatt Harbour”" in reply.text
    assert reply.sources == ()
    assert reply.leaves is not None
    assert "series" not in reply.leaves.entities


async def test_a_title_in_small_letters_that_is_not_ours_is_asked_for() -> None:
    before = (await said("Tell me about Vinland Saga")).leaves
    reply = await said("is purple elephant finished", before)
    assert "Which series do you mean?" in reply.text


@pytest.mark.parametrize(
    "text",
    [
        "how much is it?",
        "is it hardcover",
        "and who wrote it",
        "how many volumes are there",
        "what about the next volume",
        "do you have it in english",
        "how many pages",
        "and the deluxe edition?",
        "is the second volume as long",
        "what age is it for",
        "is there a sequel",
        "volume 3",
        "the first volume",
        "paperback or hardcover",
        "hardcover price",
        "specs of the box set",
        "what are the main characters",
        "who is the villain",
        "and the violence?",
    ],
)
async def test_a_follow_up_is_about_the_series_before(text: str) -> None:
    before = (await said("Tell me about Vinland Saga")).leaves
    outcome = await handle(asked(text, context=before), kit=kit(SOLD))
    leaves = outcome.leaves if isinstance(outcome, Reply) else outcome.fallback.leaves
    assert leaves is not None
    assert leaves.entities["series"] == "vinland-saga"


async def test_a_volume_that_does_not_exist_is_said_with_the_real_count() -> None:
    reply = await said("Is Vinland Saga 105 in stock?")
    assert "no volume 105 of Vinland Saga" in reply.text
    assert f"it has {shelf().series['vinland-saga'].volumes} volumes" in reply.text


@pytest.mark.parametrize(
    ("text", "series", "told"),
    [
        ("how many volumes does Monster have", "monster", "{volumes} volumes"),
        ("who wrote Monster", "monster", "{authors[0]}"),
        ("which year is Akira from", "akira", "{year}"),
        ("is Monster finished", "monster", "{status}"),
        ("how violent is Berserk", "berserk", "weighs {violence:.0f}"),
        ("from what age is Berserk", "berserk", "{demographic}"),
        ("what is Monster about", "monster", "{blurb}"),
    ],
)
async def test_fields_equal_the_catalogue(text: str, series: str, told: str) -> None:
    one = shelf().series[series]
    facts = dict(one) | {"violence": one.violence}
    reply = await said(text)
    assert told.format(**facts) in reply.text
    assert reply.sources[0].ref == series


async def test_what_no_field_holds_goes_on_with_evidence() -> None:
    route = await handed_on("does Thorfinn die in Vinland Saga")
    assert (route.tier, route.task) == (Tier.LLM, Task.COMPOSE)
    assert (route.findings[0].kind, route.findings[0].ref) == ("series", "vinland-saga")
    assert "Makoto Yukimura" in route.findings[0].text
    assert route.fallback.status is Status.COMPLETED
    assert "Vinland Saga by Makoto Yukimura" in route.fallback.text
    assert route.fallback.leaves is not None
    assert route.fallback.leaves.entities["series"] == "vinland-saga"


async def test_price_and_stock_are_evidence_where_they_are_asked_for() -> None:
    route = await handed_on("how much is the deluxe edition of Vinland Saga")
    (stock,) = [finding for finding in route.findings if finding.kind == "stock"]
    assert "volumes 11–13" in stock.text
    assert "Volume 12 costs $21.99 and is out of stock, expected on 3 Dec." in stock.text


async def test_a_comparison_names_both() -> None:
    route = await handed_on("Do I need to read Naruto before Boruto?")
    assert [one.ref for one in route.findings if one.kind == "series"] == ["naruto", "boruto"]


async def test_asks_which_where_a_title_is_unsure() -> None:
    reply = await said("monster manga")
    assert reply.text.startswith("Do you mean Monster?")
    assert reply.leaves is not None
    question = reply.leaves.question
    assert question is not None
    assert (question.slot, question.use_case) == ("series", "product_info")
    assert [option.value for option in question.options] == ["monster"]


async def test_the_answer_to_a_question_gets_what_was_asked() -> None:
    first = await said("how much is it?")
    assert first.text.startswith("Which series do you mean?")
    bare = await said("Vinland Saga", first.leaves)
    assert "$21.99 to $24.99 a volume" in bare.text
    assert first.leaves is not None
    chosen = asked(
        "the first one",
        context=first.leaves,
        slots={"series": "vinland-saga"},
        by=Evidence.QUESTION,
    )
    outcome = await handle(chosen, kit=kit(SOLD))
    assert isinstance(outcome, Reply)
    assert outcome.text == bare.text


async def test_an_author_s_books_are_listed() -> None:
    reply = await said("what else did Naoki Urasawa make")
    assert "Monster" in reply.text
    assert {one.ref for one in reply.sources} >= {"monster", "pluto"}


async def test_without_postgres_facts_go_out_without_price_marked() -> None:
    away = kit(ListedStock(away=True))
    reply = await said("Tell me about Vinland Saga volume 12", using=away)
    assert "$" not in reply.text
    assert "The Farm" in reply.text
    assert reply.degraded == ("stock",)
    assert [one.kind for one in reply.sources] == ["catalogue"]
    price = await said("How much is Vinland Saga 12", using=away)
    assert "can't look up prices and stock" in price.text


async def test_without_qdrant_facts_are_told_in_full() -> None:
    away = kit(SOLD, WordSearch(away=True))
    assert (await said("who wrote Monster", using=away)).degraded == ()
    reply = await said("does Thorfinn die in Vinland Saga", using=away)
    assert reply.degraded == ("qdrant",)
    assert "Vinland Saga by Makoto Yukimura" in reply.text


async def test_several_volumes_are_told_one_by_one() -> None:
    reply = await said("do you have volumes 11 and 12 of Vinland Saga in stock")
    assert "Volume 11 of Vinland Saga is in stock" in reply.text
    assert "Volume 12 of Vinland Saga costs $21.99 and is out of stock" in reply.text


async def test_a_turn_without_a_decision_is_poison() -> None:
    with pytest.raises(Rejected):
        await handle(turn("hello"), kit=kit())


def test_stock_tells_its_runs() -> None:
    copies = [Copy(volume=v, price_cents=999, available=v != 3) for v in (1, 2, 3, 7)]
    stock = Stock(copies=tuple(copies))
    assert stock.numbers == "1–3, 7"
    assert [copy.volume for copy in stock.missing] == [3]
    assert stock.total_cents == 4 * 999
    assert STOCK.of(12) == Copy(
        volume=12, price_cents=2199, available=False, due_on=date(2026, 12, 3)
    )


async def test_unsure_turns_go_to_the_large_model_with_policies() -> None:
    turn_: Turn = asked("how long does shipping take", "faq_policy", tier=Tier.LLM)
    outcome = await handle(turn_, kit=kit())
    assert isinstance(outcome, Route)
    assert (outcome.tier, outcome.task) == (Tier.LLM, Task.ANSWER)
    assert any(finding.kind == "policy" for finding in outcome.findings)
    sorry = turn_.reply("not now", status=Status.FAILED, reason="unavailable")
    again = await handle(turn_.model_copy(update={"fallback": sorry}), kit=kit())
    assert isinstance(again, Route)
    assert again.fallback == sorry


def sold(*numbers: int) -> Stock:
    copies = (Copy(volume=n, price_cents=1000 + n, available=True) for n in numbers)
    return Stock(copies=tuple(copies))


BOTH = kit(ListedStock({"vinland-saga": STOCK, "monster": sold(*range(1, 19))}))


@pytest.mark.parametrize(
    ("text", "told", "never"),
    [
        (
            "Is vinland saga 12 in stock and berserk 44?",
            ("Volume 12 of Vinland Saga", "no volume 44 of Berserk"),
            "44 of Vinland",
        ),
        (
            "price of volume 11 of vinland saga and volume 7 of monster",
            ("Volume 11 of Vinland Saga is", "Volume 7 of Monster"),
            "Volume 7 of Vinland",
        ),
        ("how much are vinland saga 11 and 13", ("Volume 11", "Volume 13"), "Volume 12"),
        ("price of volumes 1 to 3 of monster", ("Volume 1 ", "Volume 2 ", "Volume 3 "), "Volume 4"),
        ("price of monster 5-7", ("Volume 5 ", "Volume 6 ", "Volume 7 "), "Volume 8"),
        ("price of volumes 1 to 10 of monster", ("volumes 1–5 of the 1–10",), "Volume 6"),
    ],
)
async def test_each_volume_is_told_of_its_own_series(
    text: str, told: tuple[str, ...], never: str
) -> None:
    reply = await said(text, using=BOTH)
    assert [one for one in told if one not in reply.text] == []
    assert never not in reply.text

"""Follow-ups: what "it" is, and what goes along."""

import pytest
from suites.people import turn
from suites.posteriors import limits, posterior
from suites.reference_shop import shop

from classifier.choice import Choice
from classifier.controls import Controls
from classifier.desk import Desk
from classifier.model import Posterior
from events.context import Context, Option, Question
from events.decision import Evidence
from worker.clock import BrokerClock

SERIES = {"series": "vinland-saga", "volume": "12"}
ORDER = {"order_id": "ABC123"}


async def choice(text: str, use_case: str, question: Question | None = None) -> Choice:
    """What is chosen in a session that talked about both, last about this use case."""

    async def ask(_: str) -> Posterior:
        return posterior(out_of_scope=0.99)

    context = Context(use_case=use_case, entities=SERIES | ORDER, question=question)
    desk = Desk(shop(), ask, limits(), Controls(BrokerClock()))
    return await desk.choice(turn(text, context=context))


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("and volume 13?", {"series": "vinland-saga", "volume": "13"}),
        ("vol 13?", {"series": "vinland-saga", "volume": "13"}),
        ("what about 13?", {"series": "vinland-saga", "volume": "13"}),
        ("how much is it?", SERIES),
        ("is it in stock?", SERIES),
        ("who wrote it?", SERIES),
        ("is it finished?", SERIES),
    ],
)
async def test_a_follow_up_is_about_the_series(text: str, slots: dict[str, str]) -> None:
    found = await choice(text, "product_info")
    assert (found.by, found.use_case) == (Evidence.RULE, "product_info")
    assert {name: found.slots[name] for name in slots} == slots


@pytest.mark.parametrize(
    ("text", "last", "use_case"),
    [
        ("how much is it?", "product_info", "product_info"),
        ("how much is it?", "recommendation", "product_info"),
        ("how much is it?", "order_tracking", "billing"),
        ("how much is it?", "billing", "billing"),
        ("where is it?", "order_tracking", "order_tracking"),
        ("where is it?", "product_info", "order_tracking"),
        ("who wrote it?", "order_tracking", "product_info"),
        ("anything similar?", "product_info", "recommendation"),
    ],
)
async def test_the_last_turn_says_which_it_is(text: str, last: str, use_case: str) -> None:
    found = await choice(text, last)
    assert (found.by, found.use_case) == (Evidence.RULE, use_case)
    wanted = "order_id" if use_case in {"order_tracking", "billing"} else "series"
    assert found.slots[wanted] == (SERIES | ORDER)[wanted]


@pytest.mark.parametrize(
    ("text", "series"),
    [("and who wrote Monster?", "monster"), ("what about Vinland Saga 3?", "vinland-saga")],
)
async def test_another_title_takes_nothing_of_the_last_one_along(text: str, series: str) -> None:
    found = await choice(text, "product_info")
    assert found.slots["series"] == series
    assert found.slots.get("volume") != "12"


async def test_after_suggestions_a_wish_goes_on_with_them() -> None:
    async def ask(_: str) -> Posterior:
        return posterior(out_of_scope=0.99)

    desk = Desk(shop(), ask, limits(), Controls(BrokerClock()))
    context = Context(use_case="recommendation", entities={"shown": "monster,pluto"} | ORDER)
    found = await desk.choice(turn("but less violent, please", context=context))
    assert (found.by, found.use_case) == (Evidence.RULE, "recommendation")
    # What a tier remembers for itself is no slot of the turn.
    assert "shown" not in found.slots


async def test_a_choice_of_series_takes_no_volume_along() -> None:
    options = (Option(value="monster", label="Monster"), Option(value="20th", label="20th Century"))
    question = Question(use_case="product_info", slot="series", options=options)
    found = await choice("tell me more about the second one", "recommendation", question)
    assert (found.by, found.use_case) == (Evidence.QUESTION, "product_info")
    assert found.slots["series"] == "20th"
    assert "volume" not in found.slots
    by_name = await choice("that's Monster", "recommendation", question)
    assert by_name.slots["series"] == "monster"


@pytest.mark.parametrize("text", ["vinland saga", "Vinland-Saga!"])
async def test_an_id_with_hyphens_is_named_without(text: str) -> None:
    options = (Option(value="vinland-saga", label="–"), Option(value="monster", label="–"))
    question = Question(use_case="product_info", slot="series", options=options)
    assert (await choice(text, "recommendation", question)).slots["series"] == "vinland-saga"


async def test_what_is_no_letter_names_no_option() -> None:
    options = (Option(value="日本", label="–"), Option(value="monster", label="–"))
    question = Question(use_case="product_info", slot="series", options=options)
    assert (await choice("?!", "recommendation", question)).by is Evidence.MODEL

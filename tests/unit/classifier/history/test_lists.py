"""Follow-ups to what a reply told in a sentence: lists, steps, the other one, one suggestion."""

import pytest
from suites.people import turn
from suites.posteriors import limits, posterior
from suites.reference_shop import shop

from classifier.choice import Choice
from classifier.controls import Controls
from classifier.desk import Desk
from classifier.model import Posterior
from events.context import Context, Exchange, Flow, Question
from worker.clock import BrokerClock


def after(use_case: str, *replies: str, **entities: str) -> Context:
    recent = tuple(Exchange(said="what was said", replied=one) for one in replies)
    return Context(use_case=use_case, entities=entities, recent=recent)


async def decided(context: Context, text: str, **likely: float) -> Choice:
    async def ask(_: str) -> Posterior:
        return posterior(**(likely or {"out_of_scope": 0.99}))

    return await Desk(shop(), ask, limits(0.8), Controls(BrokerClock())).choice(
        turn(text, context=context)
    )


CRIME = after("recommendation", "Monster (18 volumes) is slow, Pluto (8 volumes) is a classic.")
THREE = after("recommendation", "Try Monster, Pluto or Death Note.")
PRICES = after("product_info", "Monster 1 is $19.99, Pluto 1 is $12.99.")
ORDERS = after("order_tracking", "You have #AAB111 from 3 May and #CCD222 from 9 June.")
REFUNDS = after("refund_status", "#AAB111 was paid out last week, #CCD222 is still open.")
TWO_SAID = after(
    "order_tracking", "Order #AAB111 left.", "Order #CCD222 is packed.", order_id="CCD222"
)
ONE = after("recommendation", "You could try Uzumaki, a town haunted by spirals.")
BOOK = after("product_info", "Berserk 7 is $14.99.", series="berserk", volume="7")
WAITING = after("restock", "I will tell you.", series="nana", volume="3")

BOUND = [
    (CRIME, "the shorter one", "product_info", {"series": "pluto"}),
    (CRIME, "the classic one sounds good", "product_info", {"series": "pluto"}),
    (CRIME, "is the longer one finished", "product_info", {"series": "monster"}),
    (THREE, "the middle one", "product_info", {"series": "pluto"}),
    (THREE, "not the first, not the last, the other one", "product_info", {"series": "pluto"}),
    (THREE, "last one sounds great", "product_info", {"series": "death-note"}),
    (THREE, "the second one, who wrote it", "product_info", {"series": "pluto"}),
    (PRICES, "the cheaper one please", "product_info", {"series": "pluto", "volume": "1"}),
    (THREE, "how much is the last", "product_info", {"series": "death-note"}),
    (BOOK, "got the 3rd one as well?", "product_info", {"series": "berserk", "volume": "3"}),
    (ORDERS, "the last", "order_tracking", {"order_id": "CCD222"}),
    (ORDERS, "the older one", "order_tracking", {"order_id": "AAB111"}),
    (ORDERS, "222 i think", "order_tracking", {"order_id": "CCD222"}),
    (ORDERS, "the june one", "order_tracking", {"order_id": "CCD222"}),
    (REFUNDS, "the open one", "refund_status", {"order_id": "CCD222"}),
    (TWO_SAID, "no, the other one", "order_tracking", {"order_id": "AAB111"}),
    (ONE, "how much is it", "product_info", {"series": "uzumaki"}),
    (ONE, "how many volumes are there", "product_info", {"series": "uzumaki"}),
    (BOOK, "and eight?", "product_info", {"series": "berserk", "volume": "8"}),
    (BOOK, "hm and number eleven", "product_info", {"series": "berserk", "volume": "11"}),
    (BOOK, "the one after that?", "product_info", {"series": "berserk", "volume": "8"}),
    (BOOK, "next one too?", "product_info", {"series": "berserk", "volume": "8"}),
    (BOOK, "and the one before?", "product_info", {"series": "berserk", "volume": "6"}),
    (BOOK, "Oh. And Moon Garage?", "product_info", {"title": "Moon Garage"}),
    (WAITING, "and the next one?", "restock", {"series": "nana", "volume": "4"}),
]


@pytest.mark.parametrize(("context", "text", "use_case", "slots"), BOUND)
async def test_what_a_sentence_told_can_be_chosen(
    context: Context, text: str, use_case: str, slots: dict[str, str]
) -> None:
    found = await decided(context, text)
    assert found.use_case == use_case
    assert slots.items() <= found.slots.items()


LEANING = [
    (ONE, "would my 8 year old get it", "product_info", {"series": "uzumaki"}),
    (BOOK, "who is he in the end, spoilers welcome", "product_info", {"series": "berserk"}),
    (TWO_SAID, "too long, scrap the whole thing", "order_change", {"order_id": "CCD222"}),
    (TWO_SAID, "what happened to my other order", "order_tracking", {"order_id": "AAB111"}),
    (TWO_SAID, "signed by who? not me", "order_tracking", {"order_id": "CCD222"}),
]


@pytest.mark.parametrize(("context", "text", "use_case", "slots"), LEANING)
async def test_what_names_no_thing_is_of_the_one_talked_about(
    context: Context, text: str, use_case: str, slots: dict[str, str]
) -> None:
    found = await decided(context, text, **{use_case: 0.95})
    assert slots.items() <= found.slots.items()


ALONE = [
    (BOOK, "is solo camping girls in stock", "product_info"),
    (BOOK, "do you have gift cards", "faq_policy"),
    (TWO_SAID, "where is another parcel of mine", "order_tracking"),
    (TWO_SAID, "i want to order another book", "product_info"),
    (TWO_SAID, "my card was declined", "billing"),
    (THREE, "do you ship to norway", "faq_policy"),
    (ORDERS, "the third time this week", "faq_policy"),
    (ONE, "my brother is sad, he lost his job", "chitchat"),
]


@pytest.mark.parametrize(("context", "text", "use_case"), ALONE)
async def test_what_stands_on_its_own_feet_takes_nothing_along(
    context: Context, text: str, use_case: str
) -> None:
    found = await decided(context, text, **{use_case: 0.95})
    assert found.slots.keys().isdisjoint({"series", "title", "volume", "order_id"})


async def test_a_wish_for_help_is_never_taken_for_a_choice() -> None:
    found = await decided(ORDERS, "the first one, and this is fraud to me", escalation=0.95)
    assert found.use_case == "escalation"


async def test_the_model_is_asked_again_with_the_name_of_what_is_meant() -> None:
    asked: list[str] = []

    async def ask(text: str) -> Posterior:
        asked.append(text)
        return posterior(**({"product_info": 0.95} if "uzumaki" in text else {"chitchat": 0.5}))

    desk = Desk(shop(), ask, limits(0.8), Controls(BrokerClock()))
    found = await desk.choice(turn("would my 8 year old get it", context=ONE))
    assert (found.use_case, found.slots["series"]) == ("product_info", "uzumaki")
    assert asked == ["would my 8 year old get it", "would my 8 year old get uzumaki"]


RETURN = "Which book from order #AAB111: Nana 3, Nana 4 or Monster 2?"
ENDS = [
    "you know what, forget about it",
    "i read it again and it's great. no return needed",
    "actually its not that bad, leave it",
    "changed my mind, no return",
    "on second thought lets not do this",
    "nah, i'll hold on to it",
    "sorry to waste your time but i'd rather keep them",
    "too much hassel, my sis will take it. stop",
]


def returning(reply: str, slot: str) -> Context:
    question = Question(use_case="returns", slot=slot)
    flow = Flow(name="returns", state="asking")
    return after("returns", reply).model_copy(update={"flow": flow, "question": question})


@pytest.mark.parametrize("text", ENDS)
async def test_a_return_ends_with_its_reason_before_or_after(text: str) -> None:
    found = await decided(returning("What is wrong with it?", "return_reason"), text)
    assert found.slots.get("cancel") == "yes"


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("nana 4", {"series": "nana", "volume": "4"}),
        ("monster", {"series": "monster", "volume": "2"}),
        ("the last one", {"series": "monster", "volume": "2"}),
        ("vol three", {"series": "nana", "volume": "3"}),
        ("4", {"series": "nana", "volume": "4"}),
    ],
)
async def test_a_return_is_told_the_book(text: str, slots: dict[str, str]) -> None:
    found = await decided(returning(RETURN, "return_item"), text)
    assert slots.items() <= found.slots.items()

"""Turns that lean on what was said before: bound to it, or left alone, without the model's help.

The model says out of scope to everything here, so that only the binding can be right.
"""

from dataclasses import dataclass, field

import pytest
from suites.people import turn
from suites.posteriors import limits, posterior
from suites.reference_shop import shop

from classifier.choice import Choice
from classifier.controls import Controls
from classifier.desk import Desk
from classifier.model import Posterior
from events.context import Context, Exchange, Flow, Option, Question
from events.decision import Evidence
from worker.clock import BrokerClock

VINLAND = {"series": "vinland-saga", "volume": "12"}
ORDER = {"order_id": "ABC123"}
ORDERS = (
    Option(value="ABC123", label="#ABC123, Berserk 1–3, 12 Nov"),
    Option(value="DEF456", label="#DEF456, Vinland Saga 12, 3 Oct"),
)
WHICH = Question(use_case="order_tracking", slot="order_id", options=ORDERS)
SERIES = (
    Option(value="monster", label="Monster by Naoki Urasawa, $12.90"),
    Option(value="pluto", label="Pluto by Naoki Urasawa, $9.90"),
    Option(value="20th-century-boys", label="20th Century Boys by Naoki Urasawa, $14.50"),
)
WHICH_SERIES = Question(use_case="product_info", slot="series", options=SERIES)
CLARIFY = Question(
    use_case="returns",
    slot="use_case",
    options=(
        Option(value="returns", label="sending something back"),
        Option(value="billing", label="a charge, an invoice or a refund"),
    ),
)
YES_NO = (Option(value="yes", label="yes"), Option(value="no", label="no"))
BOOKS = (
    Option(value="line1", label="Berserk 1"),
    Option(value="line2", label="Nana 2"),
    Option(value="all", label="both of them"),
)


def replied(text: str) -> tuple[Exchange, ...]:
    return (Exchange(said="what was said", replied=text),)


def returning(slot: str | None, *options: Option) -> Context:
    """A return in which this was asked last."""
    question = Question(use_case="returns", slot=slot, options=options) if slot else None
    flow = Flow(name="returns", state="asking")
    return Context(use_case="returns", flow=flow, question=question, entities=ORDER | VINLAND)


NEW = Context()
BOOK = Context(use_case="product_info", entities=VINLAND)
TRACKED = Context(use_case="order_tracking", entities=ORDER)
BILLED = Context(use_case="billing", entities=ORDER)
CHANGED = Context(use_case="order_change", entities=ORDER)
WAITING = Context(use_case="restock", entities={"series": "slam-dunk", "volume": "4"})
RETURNED = Context(use_case="returns", entities=ORDER)
ASKED_ORDER = Context(use_case="order_tracking", question=WHICH)
OTHER_ORDER = Context(use_case="order_tracking", question=WHICH, entities=ORDER)
OPEN_ORDER = Context(
    use_case="billing", question=Question(use_case="billing", slot="order_id"), entities=VINLAND
)
ASKED_SERIES = Context(use_case="product_info", question=WHICH_SERIES)
OPEN_SERIES = Context(
    use_case="product_info", question=Question(use_case="product_info", slot="series")
)
ONE_SERIES = Context(
    use_case="product_info",
    question=Question(use_case="product_info", slot="series", options=SERIES[:1]),
)
UNCLEAR = Context(use_case="returns", question=CLARIFY)
SHOWN = Context(
    use_case="recommendation",
    entities={"shown": "monster,pluto"},
    recent=replied("These fit best:\n\n1. Monster: drama; 18 volumes.\n2. Pluto: sci-fi."),
)
OFFERED = Context(
    use_case="recommendation",
    entities=VINLAND,
    recent=replied("Gladly. Shall I look for something finished?"),
)
SHIPPING = Context(
    use_case="faq_policy", recent=replied("Shipping to the United States costs $3.90.")
)
CLOSED = Context(
    use_case="order_tracking", entities=ORDER, recent=replied("It left us. Anything else?")
)
ITEM, RETURN_ORDER = returning("return_item", *BOOKS), returning("order_id", *ORDERS)
REASON, CONFIRM = returning("return_reason"), returning("return_confirm", *YES_NO)


@dataclass
class Model:
    """Says the same to everything, out of scope if not told; remembers what it was asked."""

    likely: Posterior = field(default_factory=lambda: posterior(out_of_scope=0.99))
    asked: list[str] = field(default_factory=list)

    async def __call__(self, text: str) -> Posterior:
        self.asked.append(text)
        return self.likely


async def choice(text: str, context: Context) -> tuple[Choice, Model]:
    model = Model()
    desk = Desk(shop(), model, limits(), Controls(BrokerClock()))
    return await desk.choice(turn(text, context=context)), model


PRICED = Context(
    use_case="billing",
    question=Question(
        use_case="billing",
        slot="order_id",
        options=(
            Option(value="ABC123", label="#ABC123, $48.20, 29 Dec"),
            Option(value="DEF456", label="#DEF456, $7.90, 4 Jan"),
        ),
    ),
)
UNKNOWN = Context(
    use_case="product_info",
    recent=replied("I found:\n1. Moon Garage by Ada Testa\n2. Moon Harbour by Bo Probe"),
)
TWO_LISTED = Context(
    use_case="order_tracking",
    entities=ORDER,
    recent=(
        *replied("Which one?\n1. Order #ABC123, 2 May\n2. Order #DEF456, 9 May"),
        *replied("Order #ABC123 is on its way."),
    ),
)
MAILED = Context(
    use_case="billing", entities=ORDER, recent=replied("We sent it to your e-mail address.")
)

BOUND = [
    # An option, or a volume, within a longer turn: it is bound, and what is asked is kept.
    (ASKED_SERIES, "what does the second one cost", "product_info", {"series": "pluto"}),
    (ASKED_SERIES, "the first one, is it finished?", "product_info", {"series": "monster"}),
    (ASKED_SERIES, "option two looks good, who wrote it", "product_info", {"series": "pluto"}),
    (SHOWN, "number two sounds fun, how many volumes", "product_info", {"series": "pluto"}),
    (BOOK, "how much is the third one", "product_info", VINLAND | {"volume": "3"}),
    (BOOK, "what about 7 and is it in stock", "product_info", VINLAND | {"volume": "7"}),
    # A price, a date, an author.
    (PRICED, "the $48 one", "billing", ORDER),
    (PRICED, "the 7.90 dollar one please", "billing", {"order_id": "DEF456"}),
    (PRICED, "the latest", "billing", {"order_id": "DEF456"}),
    (PRICED, "oldest one", "billing", ORDER),
    (UNKNOWN, "probe", "product_info", {"title": "Moon Harbour"}),
    (UNKNOWN, "the first", "product_info", {"title": "Moon Garage"}),
    # Going on with what was said a while ago, or with what changed since.
    (TWO_LISTED, "no the other one", "order_tracking", {"order_id": "DEF456"}),
    (TRACKED, "still nothing?", "order_tracking", ORDER),
    (TRACKED, "not yet?", "order_tracking", ORDER),
    (MAILED, "it's not in my inbox, resend please", "billing", ORDER),
    # The end of a return, with a reason.
    (CONFIRM, "stop, my son likes it after all", "returns", {"cancel": "yes"}),
    (ITEM, "forget it, never mind", "returns", {"cancel": "yes"}),
    (REASON, "drop it, too complicated", "returns", {"cancel": "yes"}),
    (ITEM, "we no longer want to return it", "returns", {"cancel": "yes"}),
    (REASON, "we decided to keep it", "returns", {"cancel": "yes"}),
    (CONFIRM, "yes of course", "returns", {"return_confirm": "yes"}),
    (CONFIRM, "ok do that", "returns", {"return_confirm": "yes"}),
    (CONFIRM, "absolutely", "returns", {"return_confirm": "yes"}),
    # The volume, or a fact of the series talked about.
    (BOOK, "and volume 13?", "product_info", VINLAND | {"volume": "13"}),
    (BOOK, "and volum 13?", "product_info", VINLAND | {"volume": "13"}),
    (BOOK, "vol 13 then", "product_info", VINLAND | {"volume": "13"}),
    (BOOK, "same for vol 5", "product_info", {"volume": "5"}),
    (BOOK, "the same for volume 5 please", "product_info", {"volume": "5"}),
    (BOOK, "what about 14", "product_info", VINLAND | {"volume": "14"}),
    (BOOK, "what about the author", "product_info", VINLAND),
    (BOOK, "and the author?", "product_info", VINLAND),
    (BOOK, "waht about teh auther", "product_info", VINLAND),
    (BOOK, "how much is that one", "product_info", VINLAND),
    (BOOK, "ok and how much is it then?", "product_info", VINLAND),
    (BOOK, "how muhc is it", "product_info", VINLAND),
    (BOOK, "and the price?", "product_info", VINLAND),
    (BOOK, "whats the price", "product_info", VINLAND),
    (BOOK, "is it finshed", "product_info", VINLAND),
    (BOOK, "cool, is it still available?", "product_info", VINLAND),
    (BOOK, "in stock?", "product_info", VINLAND),
    (BOOK, "and who wrote it btw", "product_info", VINLAND),
    (BOOK, "how long is it?", "product_info", VINLAND),
    (BOOK, "tell me more please", "product_info", VINLAND),
    (BOOK, "and Monster?", "product_info", {"series": "monster"}),
    (BOOK, "no, i meant monster", "product_info", {"series": "monster"}),
    (BOOK, "what about monster 3", "product_info", {"series": "monster", "volume": "3"}),
    (BOOK, "anything like it?", "recommendation", {"series": "vinland-saga"}),
    (BOOK, "why?", "product_info", VINLAND),
    # The order talked about.
    (TRACKED, "when will it come", "order_tracking", ORDER),
    (TRACKED, "whn will it arive", "order_tracking", ORDER),
    (TRACKED, "and when does it arrive?", "order_tracking", ORDER),
    (TRACKED, "has it shipped yet", "order_tracking", ORDER),
    (TRACKED, "where is it?", "order_tracking", ORDER),
    (TRACKED, "wheres it", "order_tracking", ORDER),
    (TRACKED, "when?", "order_tracking", ORDER),
    (TRACKED, "when exactly?", "order_tracking", ORDER),
    (TRACKED, "how long?", "order_tracking", ORDER),
    (TRACKED, "and #DEF456?", "order_tracking", {"order_id": "DEF456"}),
    (TRACKED, "what about DEF456", "order_tracking", {"order_id": "DEF456"}),
    (TRACKED, "no, the other order", "order_tracking", {}),
    (TRACKED, "teh other one", "order_tracking", {}),
    (TRACKED, "same question for DEF-456", "order_tracking", {"order_id": "DEF456"}),
    (TRACKED, "any news on it?", "order_tracking", ORDER),
    (TRACKED, "its still not here", "order_tracking", ORDER),
    (TRACKED, "cancel it", "order_change", ORDER),
    (TRACKED, "can you still cancle it?", "order_change", ORDER),
    (BOOK, "and the next one?", "product_info", {"series": "vinland-saga"}),
    (BOOK, "13?", "product_info", {"volume": "13"}),
    (BOOK, "is it very violent", "product_info", VINLAND),
    (ASKED_ORDER, "stop", "chitchat", {}),
    (ASKED_SERIES, "ok cancel", "chitchat", {}),
    (BILLED, "and DEF456?", "billing", {"order_id": "DEF456"}),
    (BILLED, "same for def-456", "billing", {"order_id": "DEF456"}),
    (CHANGED, "and DEF456 too", "order_change", {"order_id": "DEF456"}),
    (RETURNED, "and #DEF456?", "returns", {"order_id": "DEF456"}),
    (WAITING, "and volume 5?", "restock", {"volume": "5"}),
    (WAITING, "same for Monster 3", "restock", {"series": "monster", "volume": "3"}),
    # Options.
    (ASKED_ORDER, "the second one", "order_tracking", {"order_id": "DEF456"}),
    (ASKED_ORDER, "teh secnd one", "order_tracking", {"order_id": "DEF456"}),
    (ASKED_ORDER, "2nd pls", "order_tracking", {"order_id": "DEF456"}),
    (ASKED_ORDER, "number two", "order_tracking", {"order_id": "DEF456"}),
    (ASKED_ORDER, "not that, the first", "order_tracking", ORDER),
    (ASKED_ORDER, "hmm, i think the frist one", "order_tracking", ORDER),
    (ASKED_ORDER, "I'd like the last one, thanks", "order_tracking", {"order_id": "DEF456"}),
    (ASKED_ORDER, "make it the first", "order_tracking", ORDER),
    (ASKED_ORDER, "the first of those", "order_tracking", ORDER),
    (ASKED_ORDER, "vinland saga", "order_tracking", {"order_id": "DEF456"}),
    (ASKED_ORDER, "the one with brserk", "order_tracking", ORDER),
    (ASKED_ORDER, "def 456", "order_tracking", {"order_id": "DEF456"}),
    (ASKED_ORDER, "both", "order_tracking", {"which": "all"}),
    (ASKED_ORDER, "all of them please", "order_tracking", {"which": "all"}),
    (ASKED_ORDER, "the newest one", "order_tracking", {}),
    (ASKED_ORDER, "dunno which", "order_tracking", {}),
    (ASKED_ORDER, "yes", "order_tracking", {}),
    (OTHER_ORDER, "no, the other order", "order_tracking", {"order_id": "DEF456"}),
    (OTHER_ORDER, "the othr one", "order_tracking", {"order_id": "DEF456"}),
    (OPEN_ORDER, "it's GHI789", "billing", {"order_id": "GHI789"}),
    (OPEN_ORDER, "ghi-789", "billing", {"order_id": "GHI789"}),
    (ASKED_SERIES, "the cheaper one", "product_info", {}),
    (ASKED_SERIES, "the cheapest one", "product_info", {"series": "pluto"}),
    (ASKED_SERIES, "cheapst pls", "product_info", {"series": "pluto"}),
    (ASKED_SERIES, "the most expensive", "product_info", {"series": "20th-century-boys"}),
    (ASKED_SERIES, "monstr", "product_info", {"series": "monster"}),
    (ASKED_SERIES, "tell me about the third", "product_info", {"series": "20th-century-boys"}),
    (ASKED_SERIES, "Berserk", "product_info", {"series": "berserk"}),
    (OPEN_SERIES, "monster", "product_info", {"series": "monster"}),
    (OPEN_SERIES, "I mean One Piece", "product_info", {"series": "one-piece"}),
    (ONE_SERIES, "yes", "product_info", {"series": "monster"}),
    (ONE_SERIES, "yep that's right", "product_info", {"series": "monster"}),
    (UNCLEAR, "the second", "billing", {}),
    (UNCLEAR, "sending back", "returns", {}),
    (UNCLEAR, "a refund", "billing", {}),
    (SHOWN, "the second one", "product_info", {"series": "pluto"}),
    (SHOWN, "tell me more about the frist", "product_info", {"series": "monster"}),
    (SHOWN, "less violent please", "recommendation", {}),
    # Consent, and another case of the same.
    (OFFERED, "yes", "recommendation", VINLAND),
    (OFFERED, "sure, go ahead", "recommendation", {}),
    (OFFERED, "yess pls", "recommendation", {}),
    (OFFERED, "no", "recommendation", {}),
    (SHIPPING, "and to Canada?", "faq_policy", {}),
    (SHIPPING, "what about in europe", "faq_policy", {}),
    (SHIPPING, "how long?", "faq_policy", {}),
    (SHIPPING, "why", "faq_policy", {}),
    # A dialogue: its answers, its end.
    (ITEM, "the second one", "returns", {"return_item": "line2"}),
    (ITEM, "secnd", "returns", {"return_item": "line2"}),
    (ITEM, "both of them", "returns", {"return_item": "all"}),
    (ITEM, "nana", "returns", {"return_item": "line2"}),
    (RETURN_ORDER, "no, the other order", "returns", {"order_id": "DEF456"}),
    (RETURN_ORDER, "the first i think", "returns", ORDER),
    (CONFIRM, "yes", "returns", {"return_confirm": "yes"}),
    (CONFIRM, "yess", "returns", {"return_confirm": "yes"}),
    (CONFIRM, "yep go ahead", "returns", {"return_confirm": "yes"}),
    (CONFIRM, "nope", "returns", {"return_confirm": "no"}),
    (CONFIRM, "stop", "returns", {"cancel": "yes"}),
    (REASON, "cancel", "returns", {"cancel": "yes"}),
    (REASON, "cancle it pls", "returns", {"cancel": "yes"}),
    (REASON, "never mind", "returns", {"cancel": "yes"}),
    (REASON, "nvm", "returns", {"cancel": "yes"}),
    (ITEM, "ok forget it", "returns", {"cancel": "yes"}),
    (ITEM, "let's drop it", "returns", {"cancel": "yes"}),
    (ITEM, "leave it then", "returns", {"cancel": "yes"}),
    # Asides in the middle of a dialogue.
    (ITEM, "where is my order #DEF456?", "order_tracking", {"order_id": "DEF456"}),
    (REASON, "how much is shipping to Canada?", "faq_policy", {}),
    (CONFIRM, "how many volumes does Monster have?", "product_info", {"series": "monster"}),
    (RETURN_ORDER, "thanks", "chitchat", {}),
]


@pytest.mark.parametrize(("context", "text", "use_case", "slots"), BOUND)
async def test_a_turn_is_bound_to_what_was_said_before(
    context: Context, text: str, use_case: str, slots: dict[str, str]
) -> None:
    found, model = await choice(text, context)
    assert not model.asked
    assert found.use_case == use_case
    assert slots.items() <= found.slots.items()


ALONE = [
    (TRACKED, "yes I want to talk to a human"),
    (TRACKED, "stop sending me newsletters"),
    (BOOK, "second hand manga?"),
    (BOOK, "do you sell second hand manga"),
    (ASKED_ORDER, "the other day I ordered something and it never came"),
    (ASKED_ORDER, "and what's the weather"),
    (BOOK, "and what's the weather like in Osaka?"),
    (BOOK, "tell me about One Piece volume 5"),
    (BOOK, "how many volumes does Monster have?"),
    (TRACKED, "where is my order #XYZ789"),
    (TRACKED, "ABD124"),
    (ASKED_SERIES, "first of all you are very slow"),
    (ASKED_SERIES, "the last of us"),
    (ASKED_ORDER, "one more thing, I moved to Lyon"),
    (ASKED_ORDER, "the second time this happens to me"),
    (ASKED_ORDER, "for the third time: where do you deliver"),
    (ASKED_ORDER, "no way, my dog ate the couch"),
    (NEW, "yes"),
    (NEW, "the second one"),
    (NEW, "and volume 13?"),
    (NEW, "when will it come"),
    (NEW, "the cheaper one"),
    (NEW, "both"),
    (TRACKED, "yes"),
    (TRACKED, "no"),
    (CLOSED, "no"),
    (CLOSED, "yes"),
    (CLOSED, "yes, my sister needs a visa"),
    (OFFERED, "yes but first write me a python script"),
    (OFFERED, "no one here knows what the capital of Peru is"),
    (BOOK, "what about the prime minister"),
    (BOOK, "and my homework?"),
    (BOOK, "how about we play chess"),
    (TRACKED, "when was the second world war"),
    (TRACKED, "why is the sky blue"),
    (TRACKED, "where can I learn to draw"),
    (BOOK, "who wrote the bible"),
    (SHIPPING, "and to be honest I find that outrageous and rude of you all"),
    (SHIPPING, "what about you"),
    (SHOWN, "the second law of thermodynamics"),
    (SHOWN, "my first child was born yesterday"),
    (UNCLEAR, "neither"),
    (UNCLEAR, "yes"),
    (UNCLEAR, "something with fish"),
    (WAITING, "and 5 apples"),
    (OPEN_SERIES, "monster trucks near me"),
    (OPEN_ORDER, "my order was fine, who are you"),
    (Context(use_case="out_of_scope"), "and to Canada?"),
    (Context(use_case="out_of_scope"), "why?"),
    (Context(use_case="chitchat", entities=ORDER), "the price of gold"),
]


@pytest.mark.parametrize(("context", "text"), ALONE)
async def test_a_turn_that_stands_for_itself_is_not_bound(context: Context, text: str) -> None:
    """A rule may know it, of itself; else it is the model's. Nothing remembered goes along."""
    found, model = await choice(text, context)
    anaphoric = {rule.id for rule in shop().rules if rule.anaphoric}
    assert found.by is Evidence.MODEL or (found.by is Evidence.RULE and not model.asked)
    assert found.rule_id not in anaphoric
    assert context.entities.items().isdisjoint(found.slots.items())


IN_A_DIALOGUE = [
    "cancel my order",
    "cancel my order DEF456",
    "stop sending me newsletters",
    "stop motion films",
    "never mind the gap",
    "forget the weather, who won the game",
    "cancel my subscription",
    "drop it at my neighbour's",
    "leave it at the door",
    "stop, that's the wrong volume",
    "cancel, I want the other one",
    "skip it, where is my parcel?",
]


@pytest.mark.parametrize("text", IN_A_DIALOGUE)
async def test_no_dialogue_ends_by_what_only_sounds_like_it(text: str) -> None:
    for context in (ITEM, REASON, CONFIRM):
        found, _ = await choice(text, context)
        assert "cancel" not in found.slots
        assert found.slots.get("return_confirm") is None


@pytest.mark.parametrize("text", ["no, the other order", "the othr one", "and another one?"])
async def test_the_other_one_is_not_the_one_talked_about(text: str) -> None:
    found, _ = await choice(text, TRACKED)
    assert (found.use_case, found.slots) == ("order_tracking", {})


@pytest.mark.parametrize("text", ["never mind", "nvm", "forget it"])
@pytest.mark.parametrize("context", [BOOK, ASKED_ORDER, CLOSED])
async def test_a_matter_that_is_dropped_outside_a_dialogue_is_small_talk(
    context: Context, text: str
) -> None:
    found, model = await choice(text, context)
    assert (found.use_case, model.asked) == ("chitchat", [])


def sure(**likely: float) -> Model:
    """A model that says this of everything."""
    return Model(likely=posterior(**likely))


async def judged(text: str, context: Context, model: Model, least: float | None) -> Choice:
    desk = Desk(shop(), model, limits(least), Controls(BrokerClock()))
    return await desk.choice(turn(text, context=context))


LEANING = [
    (BOOK, "so too bloody for my 9 year old?", {"product_info": 0.95}, VINLAND),
    (BOOK, "any chance of a reprint soon", {"restock": 0.95}, {}),
    (BOOK, "when do you get more copies of 4", {"restock": 0.95}, {"series": "vinland-saga"}),
    (BOOK, "anything else, less grim", {"recommendation": 0.95}, {"series": "vinland-saga"}),
    (TRACKED, "where's my money then", {"refund_status": 0.95}, ORDER),
    (TRACKED, "can you send to my office instead", {"address_change": 0.95}, ORDER),
    (ITEM, "is volume 5 in stock", {"product_info": 0.95}, VINLAND | {"volume": "5"}),
]


@pytest.mark.parametrize(("context", "text", "likely", "slots"), LEANING)
async def test_what_the_model_decides_takes_along_what_was_talked_about(
    context: Context, text: str, likely: dict[str, float], slots: dict[str, str]
) -> None:
    found = await judged(text, context, sure(**likely), 0.8)
    assert found.use_case in likely
    assert slots.items() <= found.slots.items()


OF_ITS_OWN = [
    (BOOK, "do you sell Zorblax", {"product_info": 0.95}),
    (BOOK, "is there a good cookbook", {"product_info": 0.95}),
    (BOOK, "Naruto price", {"product_info": 0.95}),
    (TRACKED, "what happens with my other order", {"order_tracking": 0.95}),
    (TRACKED, "do you take credit cards", {"faq_policy": 0.95}),
]


@pytest.mark.parametrize(("context", "text", "likely"), OF_ITS_OWN)
async def test_what_names_a_thing_of_its_own_takes_nothing_along(
    context: Context, text: str, likely: dict[str, float]
) -> None:
    found = await judged(text, context, sure(**likely), 0.8)
    assert context.entities.items().isdisjoint(found.slots.items())


ASIDES = [
    ("hm, why was my card charged 3.90 more", {"billing": 0.7}, None, "billing"),
    ("lol who won the match yesterday", {"out_of_scope": 0.8}, 0.8, "out_of_scope"),
    ("aw you're so kind", {"chitchat": 0.95}, 0.8, "chitchat"),
    ("which payment cards work", {"faq_policy": 0.9}, 0.97, "faq_policy"),
    ("it smells of fish", {"out_of_scope": 0.99}, 0.8, "returns"),
    ("hm, why was my card charged 3.90 more", {"billing": 0.4}, None, "returns"),
    ("is that so", {"out_of_scope": 0.99}, 0.8, "returns"),
]


@pytest.mark.parametrize(("text", "likely", "least", "use_case"), ASIDES)
async def test_a_clear_aside_leaves_a_dialogue(
    text: str, likely: dict[str, float], least: float | None, use_case: str
) -> None:
    assert (await judged(text, REASON, sure(**likely), least)).use_case == use_case

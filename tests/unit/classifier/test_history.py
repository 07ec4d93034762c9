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
    """Says out of scope to everything and remembers what it was asked."""

    asked: list[str] = field(default_factory=list)

    async def __call__(self, text: str) -> Posterior:
        self.asked.append(text)
        return posterior(out_of_scope=0.99)


async def choice(text: str, context: Context) -> tuple[Choice, Model]:
    model = Model()
    desk = Desk(shop(), model, limits(), Controls(BrokerClock()))
    return await desk.choice(turn(text, context=context)), model


BOUND = [
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

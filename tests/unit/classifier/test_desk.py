"""The order in which evidence is asked, and the slots that go along."""

import pytest
from suites.people import turn
from suites.posteriors import limits, posterior
from suites.reference_shop import shop

from classifier.choice import Choice
from classifier.controls import Controls
from classifier.desk import LOST_CONTEXT, Desk
from classifier.model import Posterior
from events.context import Context, Option, Question
from events.decision import Evidence
from worker.clock import BrokerClock

OPTIONS = (
    Option(value="ABC123", label="#ABC123, Berserk 1–3, 12 Nov"),
    Option(value="DEF456", label="#DEF456, Vinland Saga 12, 3 Oct"),
)
WHICH = Question(use_case="order_tracking", slot="order_id", options=OPTIONS)
NEW = Context()
TALKED_ABOUT = Context(entities={"order_id": "ABC123"})


class Model:
    """Answers with one posterior and remembers what it was asked."""

    def __init__(self, likely: Posterior | None = None) -> None:
        self.likely = likely or posterior(chitchat=0.9)
        self.asked: list[str] = []

    async def __call__(self, text: str) -> Posterior:
        self.asked.append(text)
        return self.likely


async def choice(
    text: str, model: Model, context: Context = NEW, *, degraded: tuple[str, ...] = ()
) -> Choice:
    asked = turn(text, context=context, degraded=degraded)
    return await Desk(shop(), model, limits(), Controls(BrokerClock())).choice(asked)


async def test_an_open_question_comes_before_rules_and_model() -> None:
    model = Model()
    # The rule for a lone order id would fire as well.
    found = await choice("#DEF456", model, Context(question=WHICH))
    assert (found.by, found.slots) == (Evidence.QUESTION, {"order_id": "DEF456"})
    assert not model.asked


async def test_what_is_no_answer_to_the_question_goes_on_to_the_rules() -> None:
    model = Model()
    found = await choice("How much is shipping to Canada?", model, Context(question=WHICH))
    assert (found.by, found.use_case) == (Evidence.RULE, "faq_policy")
    assert found.slots["policy"] == "shipping_costs"
    assert not model.asked


async def test_a_rule_comes_before_the_model() -> None:
    model = Model()
    found = await choice("Where is my order #ABC123", model)
    assert (found.by, found.use_case) == (Evidence.RULE, "order_tracking")
    assert found.rule_id in {rule.id for rule in shop().rules}
    assert found.slots == {"order_id": "ABC123"}
    assert not model.asked


async def test_the_model_is_asked_once_where_nothing_else_decides() -> None:
    model = Model(posterior(billing=0.95))
    text = "my statement shows the same amount two days in a row"
    found = await choice(text, model)
    assert (found.by, found.use_case) == (Evidence.MODEL, "billing")
    assert found.model_version == "m-1"
    assert model.asked == [text]


async def test_a_title_that_answers_the_open_question_is_the_option() -> None:
    found = await choice("vinland saga", Model(), Context(question=WHICH))
    assert (found.by, found.slots) == (Evidence.QUESTION, {"order_id": "DEF456"})


@pytest.mark.parametrize("text", ["vinland saga", "What about Vinland Saga?"])
async def test_a_title_is_a_book_where_nothing_was_asked(text: str) -> None:
    said = Context(use_case="order_tracking", entities={"order_id": "ABC123"})
    for context in (NEW, said.remembering("where is ABC123", "It left us on 4 November.")):
        found = await choice(text, Model(), context)
        assert (found.by, found.use_case) == (Evidence.RULE, "product_info")
        assert found.slots["series"] == "vinland-saga"


@pytest.mark.parametrize("text", ["the second one", "yes", "and volume 13?"])
async def test_without_the_sessions_context_a_fragment_is_not_guessed(text: str) -> None:
    model = Model()
    found = await choice(text, model, degraded=("context",))
    assert (found.template, found.rule_id) == (LOST_CONTEXT, LOST_CONTEXT)
    assert "context cannot be read" in found.why
    assert not model.asked


async def test_without_the_sessions_context_a_whole_question_is_answered() -> None:
    found = await choice("Where is my order #ABC123", Model(), degraded=("context",))
    assert (found.use_case, found.template) == ("order_tracking", None)


async def test_with_context_a_fragment_is_what_the_model_makes_of_it() -> None:
    model = Model()
    found = await choice("yes", model)
    assert found.by == Evidence.MODEL
    assert model.asked == ["yes"]


async def test_it_is_what_was_talked_about() -> None:
    model = Model()
    found = await choice("and when does it arrive?", model, TALKED_ABOUT)
    assert (found.by, found.use_case) == (Evidence.RULE, "order_tracking")
    assert found.slots["order_id"] == "ABC123"
    assert not model.asked


async def test_it_means_nothing_where_nothing_was_talked_about() -> None:
    model = Model()
    found = await choice("where is it?", model)
    assert (found.by, found.slots) == (Evidence.MODEL, {})


async def test_what_the_text_names_counts_before_what_was_talked_about() -> None:
    found = await choice("and what about #XYZ789?", Model(), TALKED_ABOUT)
    assert found.slots["order_id"] == "XYZ789"


async def test_also_where_only_the_model_understands_it() -> None:
    text = "i wonder what became of it, the thing numbered #XYZ789 that my niece wanted"
    found = await choice(text, Model(posterior(order_tracking=0.95)), TALKED_ABOUT)
    assert (found.by, found.slots["order_id"]) == (Evidence.MODEL, "XYZ789")


async def test_a_text_that_refers_to_nothing_takes_nothing_along() -> None:
    found = await choice("Where is my order", Model(), TALKED_ABOUT)
    assert "order_id" not in found.slots


async def test_slots_are_found_in_what_only_the_model_understands() -> None:
    text = "i wonder what became of the thing numbered #ABC123 that i got for my niece"
    found = await choice(text, Model(posterior(order_tracking=0.95)))
    assert (found.by, found.slots) == (Evidence.MODEL, {"order_id": "ABC123"})


def test_every_fallback_has_words() -> None:
    desk = Desk(shop(), Model(), limits(), Controls(BrokerClock()))
    for name in shop().use_cases:
        assert desk.fallback_text(name).strip()

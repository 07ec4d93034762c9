"""Answers to open questions: which option is meant, and when a text is no answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.history.answer import answered
from classifier.history.leaning import needs_context, refers_back
from classifier.history.options import chosen
from events.context import Context, Option, Question
from events.decision import Evidence


def question(
    *options: tuple[str, str], slot: str = "order_id", use_case: str = "order_tracking"
) -> Question:
    made = tuple(Option(value=value, label=label) for value, label in options)
    return Question(use_case=use_case, slot=slot, options=made)


BERSERK = ("ABC123", "#ABC123, Berserk 1–3, 12 Nov")
VINLAND = ("DEF456", "#DEF456, Vinland Saga 12, 3 Oct")
MIXED = ("GHI789", "#GHI789, Berserk 4, Yotsuba 1, 12 Nov")
ORDERS = question(BERSERK, VINLAND, MIXED)
TWO = question(BERSERK, VINLAND)
USE_CASES = question(
    ("order_tracking", "the state of an order"),
    ("returns", "sending something back"),
    ("billing", "a charge, an invoice or a refund"),
    slot="use_case",
)
POLICIES = question(
    ("return_window", "Return window"),
    ("shipping_costs", "Shipping costs"),
    ("delivery_times", "Delivery times"),
    slot="policy",
    use_case="faq_policy",
)


def pick(asked: Question, text: str, **entities: str) -> str | None:
    option = chosen(asked, Context(entities=entities), text)
    return option.value if option else None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("#ABC123", "ABC123"),
        ("abc-123", "ABC123"),
        ("abc 123.", "ABC123"),
        ("it's DEF456", "DEF456"),
        ("DEF456 please", "DEF456"),
        ("1", "ABC123"),
        ("2.", "DEF456"),
        ("#3", "GHI789"),
        ("number 2", "DEF456"),
        ("no. 2", "DEF456"),
        ("option 2", "DEF456"),
        ("first", "ABC123"),
        ("the first one", "ABC123"),
        ("The 2nd", "DEF456"),
        ("the second one, please", "DEF456"),
        ("no, the third", "GHI789"),
        ("I mean the second one", "DEF456"),
        ("the last order", "GHI789"),
        ("the former", "ABC123"),
        ("the latter!", "GHI789"),
        ("Vinland Saga", "DEF456"),
        ("vinland saga 12", "DEF456"),
        ("the one with Vinland Saga", "DEF456"),
        ("the vinland saga order", "DEF456"),
        ("vinlnd saga", "DEF456"),
        ("Yotsuba", "GHI789"),
        ("yotsbua", "GHI789"),
        ("berserk 4", "GHI789"),
        ("berserk 1-3", "ABC123"),
        ("3 Oct", "DEF456"),
        ("the one from 3 Oct", "DEF456"),
    ],
)
def test_an_answer_chooses_the_order_it_means(text: str, value: str) -> None:
    assert pick(ORDERS, text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "yes",
        "no",
        "ok",
        "thanks",
        "hi",
        "the",
        "the one",
        "order",
        "none of them",
        "all of them",
        "both",
        "9",
        "4",
        "12",
        "the fourth",
        "#XYZ999",
        "ABC132",
        "the other one",
        "Where is my order",
        "where is it",
        "What is your return policy?",
        "I want to talk to a human",
        "tell me about Berserk",
        "tell me about Vinland Saga volume 12",
        "something like Berserk but less violent",
        "the first thing I want to say is that I am very unhappy with all of this, again and again",
    ],
)
def test_what_is_no_answer_chooses_nothing(text: str) -> None:
    assert pick(ORDERS, text) is None


@pytest.mark.parametrize("text", ["Berserk", "the berserk one", "12 Nov", "nov"])
def test_what_two_options_have_chooses_neither(text: str) -> None:
    assert pick(ORDERS, text) is None


@pytest.mark.parametrize(
    "text", ["the other one", "the other", "no, the other order", "another one"]
)
def test_the_other_one_is_the_one_not_talked_about(text: str) -> None:
    assert pick(TWO, text, order_id="ABC123") == "DEF456"
    assert pick(TWO, text, order_id="DEF456") == "ABC123"
    assert pick(TWO, text) is None
    assert pick(TWO, text, order_id="ZZZ999") is None


def test_another_order_question_is_not_the_other_order() -> None:
    assert pick(TWO, "I have another order question", order_id="ABC123") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("order", "order_tracking"),
        ("my order", "order_tracking"),
        ("the state of my order", "order_tracking"),
        ("sending something back", "returns"),
        ("a return", "returns"),
        ("a refund", "billing"),
        ("an invoice please", "billing"),
        ("the charge", "billing"),
        ("billing", "billing"),
        ("the second", "returns"),
        ("something else", None),
        ("an", None),
        ("of", None),
        ("what is the weather", None),
    ],
)
def test_an_answer_chooses_the_use_case(text: str, value: str | None) -> None:
    assert pick(USE_CASES, text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Shipping", "shipping_costs"),
        ("shiping", "shipping_costs"),
        ("delivery times", "delivery_times"),
        ("return", "return_window"),
        ("3", "delivery_times"),
        ("how long can I return", None),
    ],
)
def test_an_answer_chooses_the_policy(text: str, value: str | None) -> None:
    assert pick(POLICIES, text) == value


@given(st.text(max_size=90))
def test_an_open_question_without_options_is_answered_by_no_text(text: str) -> None:
    assert chosen(question(), Context(), text) is None


@pytest.mark.parametrize("text", ["the last one", "first", "1", "Berserk"])
def test_no_place_of_no_options(text: str) -> None:
    assert pick(question(), text) is None


def test_the_answer_for_a_slot_goes_where_the_question_came_from() -> None:
    asked = ORDERS.model_copy(update={"template": "order_state"})
    choice = answered(Context(question=asked), "the second one")
    assert choice is not None
    assert (choice.by, choice.use_case) == (Evidence.QUESTION, "order_tracking")
    assert (choice.template, choice.slots) == ("order_state", {"order_id": "DEF456"})
    assert "order_id" in choice.why


def test_the_answer_for_a_use_case_is_that_use_case_with_what_was_talked_about() -> None:
    context = Context(question=USE_CASES, entities={"order_id": "ABC123"})
    choice = answered(context, "a refund")
    assert choice is not None
    assert (choice.use_case, choice.template) == ("billing", None)
    assert choice.slots == {"order_id": "ABC123"}


def test_without_a_question_nothing_is_answered() -> None:
    assert answered(Context(), "the second one") is None


@pytest.mark.parametrize(
    "text", ["and when does it arrive?", "where is it", "What about #ABC123?", "cancel that"]
)
def test_a_text_may_refer_back(text: str) -> None:
    assert refers_back(text)


@pytest.mark.parametrize("text", ["Where is my order #ABC123", "hi", "the second one"])
def test_a_text_may_stand_for_itself(text: str) -> None:
    assert not refers_back(text)


@pytest.mark.parametrize(
    "text", ["the second one", "yes", "No.", "2", "and volume 13?", "what about DEF456"]
)
def test_a_fragment_needs_the_turn_before(text: str) -> None:
    assert needs_context(text)


@pytest.mark.parametrize(
    "text", ["hi", "no thanks", "Where is my order #ABC123", "How much is shipping?"]
)
def test_a_sentence_does_not_need_the_turn_before(text: str) -> None:
    assert not needs_context(text)

"""What the demonstration prints, and when it says that it failed."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console
from suites.people import decision, turn
from suites.reference_shop import PLAYBOOK, shop

from devkit.conversation import Answer
from devkit.demo.mix import Mix, mix_of, turns_per_second
from devkit.demo.promise import Told, way_of, wrong
from devkit.demo.script import RECOMMENDED, SCENES, Line, Promise, by_template
from devkit.demo.show import evidence, show
from devkit.demo.summary import summary
from events.decision import Candidate, Decision, Evidence
from events.reply import Source, Status, Usage
from events.tier import Tier
from playbook.reference import Reference
from playbook.source import read_model
from playbook.use_case import Size

STORY = {
    "Where is my order #ABC123": ((Tier.ORDER,), None),
    "Tell me about Vinland Saga volume 12": ((Tier.RAG,), None),
    "I'm looking for something like Berserk but less violent": ((Tier.RAG, Tier.LLM), Size.BIG),
    "Help me return this, my husband bought the wrong volume": ((Tier.ORDER, Tier.LLM), Size.SMALL),
}
CHAT = by_template("chitchat")
READ_ON = shop().prices.read_on


def reference() -> Reference:
    return read_model(PLAYBOOK / "reference.yaml", Reference)


def usage(size: Size, cost: float = 0.004) -> Usage:
    tokens = {"input_tokens": 1000, "output_tokens": 100, "cached_tokens": 2000}
    return Usage(model=shop().prices.chosen[size], cost_usd=cost, simulated=True, **tokens)


def told(
    decided: Decision | None = None,
    promise: Promise = CHAT,
    *,
    text: str = "yes [bold]",
    tier: Tier = Tier.TEMPLATE,
    called: tuple[Usage, ...] = (),
) -> Told:
    asked = turn("hello").model_copy(update={"decision": decided or decision(), "path": (tier,)})
    answer = Answer(asked.reply(text, usage=called), 0.0123, "ab" * 16)
    return Told(Line("hello", promise), answer, "s-1")


def recommended() -> Told:
    change = {"use_case": "recommendation", "tier": Tier.LLM}
    decided = decision().model_copy(update=change)
    one = told(decided, RECOMMENDED, tier=Tier.LLM, called=(usage(Size.BIG),))
    assert one.answer
    sources = (Source(kind="catalogue", ref="monster", title="Monster"),)
    reply = one.answer.reply.model_copy(update={"sources": sources})
    return replace(one, answer=replace(one.answer, reply=reply, shown=("a", "b"), first_s=0.25))


def printed(one: Told) -> str:
    out = StringIO()
    show(one, 1, shop(), Console(file=out, width=200))
    return out.getvalue()


def by_model() -> Decision:
    found = (Candidate(use_case="chitchat", probability=0.91),)
    changes = {"by": Evidence.MODEL, "candidates": found, "entropy_bits": 0.5, "out_of_scope": 0.02}
    return decision().model_copy(update=changes)


def test_the_story_is_told_and_every_use_case_promised() -> None:
    lines = [line for scene in SCENES for line in scene.lines]
    promised = {line.text: (line.promise.way, line.promise.model) for line in lines}
    assert promised | STORY == promised
    assert {line.promise.use_case for line in lines} == set(shop().use_cases)


def test_a_rule_is_named() -> None:
    assert evidence(decision().model_copy(update={"rule_id": "greeting"})) == "rule: greeting"


def test_the_model_is_shown_with_posterior_and_entropy() -> None:
    assert evidence(by_model()) == "model: chitchat 0.91, entropy 0.50 bits, out of scope 0.02"


def test_text_of_the_shop_is_not_markup() -> None:
    out = printed(told())
    assert "yes [bold]" in out
    assert "12.3 ms · trace " + "ab" * 16 in out


def test_a_models_turn_shows_previews_sources_tokens_and_cost() -> None:
    out = printed(recommended())
    assert "tier rag → llm" in out
    assert "2 previews, the first after 250 ms" in out
    assert "sources: Monster (catalogue monster)" in out
    billed = f"1000 tokens in, 2000 cached, 100 out: $0.004000 at the list prices of {READ_ON}"
    assert f"{billed}, simulated" in out
    assert not wrong(recommended(), shop())


def test_no_reply_is_said_and_counts_as_broken() -> None:
    silent = Told(Line("hello", CHAT), None)
    assert "no reply" in printed(silent)
    assert wrong(silent, shop()) == ["no reply"]


@pytest.mark.parametrize(
    ("promise", "says"),
    [
        (by_template("returns"), "taken for chitchat, not returns"),
        (Promise("chitchat", (Tier.ORDER,)), "went to template, not to order"),
        (Promise("chitchat", (Tier.TEMPLATE,), Size.BIG), "called no model, not big"),
        (by_template("chitchat", "no"), "does not say 'no'"),
        (Promise("chitchat", (Tier.TEMPLATE,), silent=True), "is not silent"),
        (Promise("chitchat", (Tier.TEMPLATE,), previews=True), "nothing was shown"),
        (Promise("chitchat", (Tier.TEMPLATE,), sources=frozenset({"stock"})), "kind stock"),
        (Promise("chitchat", (Tier.TEMPLATE,), status=Status.FORWARDED), "ended completed"),
    ],
)
def test_what_was_promised_otherwise_is_broken_and_shown(promise: Promise, says: str) -> None:
    one = told(promise=promise)
    (found,) = wrong(one, shop())
    assert says in found
    assert found in printed(one)


def test_a_dependency_that_was_away_is_broken() -> None:
    one = told()
    assert one.answer
    assert not wrong(one, shop())
    reply = one.answer.reply.model_copy(update={"degraded": ("qdrant",)})
    assert wrong(replace(one, answer=Answer(reply, 0.1, None)), shop()) == [
        "was answered without qdrant"
    ]


def test_a_turn_refused_at_the_door_has_no_way() -> None:
    one = told()
    assert one.answer
    assert way_of(one.answer.reply.model_copy(update={"decision": None}), shop()) == ()


def mixed() -> Mix:
    warm = told(
        decision(Tier.ORDER).model_copy(update={"use_case": "returns"}),
        tier=Tier.LLM,
        called=(usage(Size.SMALL, 0.0002),),
    )
    return mix_of([told(), told(), warm, recommended()], shop(), reference())


def test_the_summary_counts_by_tier_and_costs_at_both_prices() -> None:
    out = StringIO()
    summary(mixed(), shop(), reference(), Console(file=out, width=160))
    rows = [
        [cell.strip() for cell in row.strip("│").split("│")] for row in out.getvalue().split("\n")
    ]
    assert ["template", "2", "50%", "12.3 ms", "$0.00000", "$0.001"] in rows
    assert ["order → small", "1", "25%", "12.3 ms", "$0.00020", "$0.012"] in rows
    assert ["rag → big", "1", "25%", "12.3 ms", "$0.00400", "$0.050"] in rows
    assert ["all", "4", "100%", "", "$0.00105", "$0.0160"] in rows
    assert ["cost per session", "$0.0042", "$0.0640", "$0.07 → $0.022"] in rows
    assert ["big model", "25%", "", "30%"] in rows


def test_the_summary_says_what_its_figures_are_not() -> None:
    out = StringIO()
    summary(mixed(), shop(), reference(), Console(file=out, width=160))
    text = " ".join(out.getvalue().split())
    assert "simulated" in text
    assert READ_ON in text
    assert "not traffic" in text
    assert "250 big-model turns a second" in text


def test_the_quota_carries_as_many_turns_as_its_tightest_limit() -> None:
    big = shop().models.models[shop().prices.chosen[Size.BIG]]
    limits = (
        big.requests_per_minute,
        big.input_tokens_per_minute / 1000,
        big.output_tokens_per_minute / 100,
    )
    assert turns_per_second(mixed(), shop()) == pytest.approx(min(limits) / 60)
    assert turns_per_second(mix_of([told()], shop(), reference()), shop()) is None


@pytest.mark.parametrize("reason", ["late", "bug"])
def test_a_reason_is_shown(reason: str) -> None:
    one = told()
    assert one.answer
    reply = one.answer.reply.model_copy(update={"reason": reason})
    assert f"({reason})" in printed(Told(one.line, Answer(reply, 0.1, None)))

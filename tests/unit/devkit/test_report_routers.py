"""The controls: what each makes of a turn."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from suites.contenders import (
    CASES,
    MENU,
    SAMPLE,
    Scripted,
    conversations,
    decision,
    remembering,
    turn,
)
from suites.posteriors import limits, posterior
from suites.reference_shop import PLAYBOOK, shop

from classifier.doubt import CLARIFY, LANGUAGE, UNSURE
from classifier.model import Posterior
from devkit.errors import DevkitError
from devkit.report.blind import blind
from devkit.report.bootstrap import tally
from devkit.report.cheapest import Cheapest
from devkit.report.comparison import OURS, TITLES, compared
from devkit.report.conversation import Conversations
from devkit.report.opening import field_of, reference_of
from devkit.report.oracle import oracle
from devkit.report.ours import Ours
from devkit.report.outcome import COUNTS
from devkit.report.rules import Rules
from devkit.report.session import play
from devkit.report.softmax import Softmax
from devkit.report.staged import Staged
from devkit.report.verdict import Kind, Verdict, verdict_of
from devkit.route.recall import Recall
from devkit.route.router import Router
from events.context import Context
from events.decision import Evidence
from events.tier import Tier
from playbook.catalogue import read_catalogue


@pytest.mark.parametrize(
    ("use_case", "changed", "kind"),
    [
        ("faq", {}, Kind.ANSWERED),
        ("book", {}, Kind.ANSWERED),
        ("out_of_scope", {}, Kind.REFUSED),
        ("choose", {}, Kind.BIG),
        ("faq", {"template": CLARIFY, "tier": Tier.TEMPLATE}, Kind.CLARIFIED),
        ("faq", {"tier": Tier.LLM, "overlays": (UNSURE,)}, Kind.ESCALATED),
        ("out_of_scope", {"tier": Tier.LLM, "overlays": (UNSURE,)}, Kind.ESCALATED),
        ("faq", {"tier": Tier.LLM, "overlays": (LANGUAGE,)}, Kind.ESCALATED),
    ],
)
def test_a_decision_is_of_a_kind(use_case: str, changed: dict[str, Any], kind: Kind) -> None:
    made = decision(use_case).model_copy(update=changed)
    found = verdict_of(made)
    assert (found.kind, found.use_case, found.tier) == (kind, use_case, made.tier)
    assert found.decision is made


LIKELY = {"out_of_scope": 0.5, "order": 0.3, "faq": 0.2}


def test_always_cheapest_answers_the_best_known_use_case() -> None:
    assert Cheapest(MENU)("x", decision("out_of_scope", likely=LIKELY)) == MENU.answering("order")


def test_rules_only_leaves_everything_else_to_the_large_model() -> None:
    assert Rules(MENU)("x", decision("faq")) == MENU.doubtful()


@pytest.mark.parametrize(
    ("likely", "wanted"),
    [
        ({"order": 0.8, "faq": 0.2}, MENU.answering("order")),
        ({"order": 0.79, "faq": 0.21}, MENU.doubtful()),
        ({"out_of_scope": 0.9, "faq": 0.1}, MENU.answering("out_of_scope")),
    ],
)
def test_softmax_has_one_threshold(likely: dict[str, float], wanted: Verdict) -> None:
    assert Softmax(MENU)("x", decision("faq", likely=likely)) == wanted


def staged(first: Verdict) -> Verdict:
    return Staged(Scripted({"x": first}), Rules(MENU)).decide("x", Context())


def test_a_second_stage_decides_where_the_model_was_asked() -> None:
    found = staged(verdict_of(decision("faq")))
    assert found == MENU.doubtful()
    assert found.decision is not None
    assert (found.decision.tier, found.decision.use_case) == (Tier.LLM, "faq")


@pytest.mark.parametrize("by", [Evidence.RULE, Evidence.FLOW, Evidence.QUESTION])
def test_rules_and_dialogues_are_everybodys(by: Evidence) -> None:
    first = verdict_of(decision("faq", by))
    assert staged(first) is first


def test_another_language_is_everybodys_to_escalate() -> None:
    foreign = decision("faq").model_copy(update={"tier": Tier.LLM, "overlays": (LANGUAGE,)})
    assert staged(verdict_of(foreign)).kind is Kind.ESCALATED


def test_content_blind_has_the_same_mix_in_another_order() -> None:
    mine = [MENU.answering(name) for name in CASES] * 10
    dealt = blind(mine, 7)
    found = [dealt.decide("x", Context()) for _ in mine]
    assert Counter(found) == Counter(mine)
    assert found != mine
    with pytest.raises(StopIteration):
        dealt.decide("x", Context())


def test_the_oracle_takes_the_cheapest_right_tier() -> None:
    turns = (turn("book", "faq"), turn("choose"), turn("out_of_scope"), turn("faq", "out_of_scope"))
    dealt = oracle(turns, MENU)
    found = [dealt.decide("x", Context()).use_case for _ in turns]
    assert found == ["faq", "choose", "out_of_scope", "faq"]


def test_the_oracle_is_never_wrong() -> None:
    given = Conversations.read(SAMPLE)
    menu = field_of(router(), reference_of(PLAYBOOK), 0.1).menu
    played = play(oracle(given.turns, menu), given.all, remembering)
    judge = field_of(router(), reference_of(PLAYBOOK), 0.0).judge
    sums = dict(zip(COUNTS, tally(given.all, played, judge).sum(axis=0), strict=True))
    nothing = ("wrong", "must_not", "refused", "clarified", "escalated")
    assert [sums[name] for name in nothing] == [0] * len(nothing)
    assert sums["right"] == sums["turns"] == len(given.turns)


def test_each_turn_sees_what_the_ones_before_left() -> None:
    seen: list[Context] = []

    class Looking:
        def decide(self, text: str, context: Context) -> Verdict:
            seen.append(context)
            return verdict_of(decision("order" if text == "a" else "faq"))

    given = conversations((turn("faq", text="a"), turn("faq", text="b")), (turn("faq", text="c"),))
    play(Looking(), given.all, remembering)
    assert [context.use_case for context in seen] == [None, "order", None]
    assert [one.said for one in seen[1].recent] == ["a"]


def guess(text: str) -> Posterior:
    """A model that knows of presents alone."""
    return posterior(faq_policy=0.95) if "presents" in text else posterior(out_of_scope=0.6)


def router() -> Router:
    recall = Recall(shop(), read_catalogue(PLAYBOOK / "catalogue" / "series.jsonl"))
    return Router(shop(), guess, limits(), recall)


def test_the_whole_comparison_runs_on_the_sample() -> None:
    field = field_of(router(), reference_of(PLAYBOOK), 0.05)
    given = Conversations.read(SAMPLE)
    found = compared(field, given, draws=200, seed=7)
    assert list(found) == [name for name in TITLES if name != "frozen"]
    figures = {name: one.figures for name, one in found.items()}
    assert figures["oracle"]["wrong"].value == 0
    assert figures["always_big"]["large"].value == 1
    for figure in ("cost_per_session", "large", "escalated", "clarified"):
        assert figures["content_blind"][figure].value == figures[OURS][figure].value
    assert figures["rules_only"]["wrong"].value == 0
    assert figures[OURS] == compared(field, given, draws=200, seed=7)[OURS].figures


def test_a_follow_up_is_bound_by_what_the_turn_before_left() -> None:
    made, given = router(), Conversations.read(SAMPLE)
    first = given.all[0]
    played = play(Ours(made.decide), [first], made.after)[0]
    assert [verdict.use_case for verdict in played] == ["order_tracking"] * 2


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('{"id": "a"}', r"line 1: turns: Field required"),
        ('{"id": "a", "turns": []}', r"line 1: turns: .*at least 1"),
        ('{"id": "a", "turns": [{"text": " ", "label": "x"}]}', r"line 1: turns\.0\.text"),
        ("{", "line 1"),
        ("", "0 conversations"),
        ('{"id": "a", "turns": [{"text": "a", "label": "x"}]}\n' * 2, "'a' occurs twice"),
    ],
)
def test_a_bad_file_is_told_by_its_line(tmp_path: Path, lines: str, problem: str) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text(lines)
    with pytest.raises(DevkitError, match=problem):
        Conversations.read(file)


def test_an_unknown_label_is_named() -> None:
    given = conversations((turn("faq"),), (turn("nothing", must_not=("never",)),))
    with pytest.raises(DevkitError, match="never, nothing"):
        given.check_labels(CASES)

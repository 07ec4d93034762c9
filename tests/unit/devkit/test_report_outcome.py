"""What a verdict is worth on a labelled turn."""

from dataclasses import asdict

import pytest
from suites.contenders import ERROR, JUDGE, MENU, STORY, clarified, turn

from devkit.report.conversation import Turn
from devkit.report.verdict import Verdict
from events.tier import Tier

ZERO = {
    "model_free_right": 0.0,
    "wrong": 0.0,
    "must_not": 0.0,
    "clarified": 0.0,
    "escalated": 0.0,
    "refused": 0.0,
    "large": 0.0,
    "right": 0.0,
}


@pytest.mark.parametrize(
    ("labelled", "verdict", "counts"),
    [
        (turn("faq"), MENU.answering("faq"), {"model_free_right": 1, "right": 1}),
        (turn("book", "faq"), MENU.answering("faq"), {"model_free_right": 1, "right": 1}),
        (turn("book"), MENU.answering("book"), {"right": 1}),
        (turn("book"), MENU.answering("faq"), {"wrong": 1}),
        (
            turn("book", must_not=("faq",)),
            MENU.answering("faq"),
            {"wrong": 1, "must_not": 1},
        ),
        (turn("out_of_scope"), MENU.answering("faq"), {"wrong": 1}),
        (
            turn("out_of_scope"),
            MENU.answering("out_of_scope"),
            {"model_free_right": 1, "right": 1},
        ),
        (turn("faq"), MENU.answering("out_of_scope"), {"refused": 1}),
        (
            turn("faq", must_not=("out_of_scope",)),
            MENU.answering("out_of_scope"),
            {"refused": 1, "must_not": 1},
        ),
        (
            turn("faq", "out_of_scope"),
            MENU.answering("out_of_scope"),
            {"model_free_right": 1, "right": 1},
        ),
        (turn("faq"), clarified(), {"clarified": 1}),
        (turn("out_of_scope", must_not=("faq",)), clarified(), {"clarified": 1}),
        (turn("faq"), MENU.doubtful(), {"escalated": 1, "large": 1, "right": 1 - ERROR}),
        (turn("out_of_scope"), MENU.doubtful(), {"escalated": 1, "large": 1, "right": 1}),
        (turn("faq"), MENU.big(), {"large": 1, "right": 1 - ERROR}),
        (turn("choose"), MENU.answering("choose"), {"large": 1, "right": 1 - ERROR}),
        (
            turn("faq", must_not=("choose",)),
            MENU.answering("choose"),
            {"large": 1, "wrong": 1, "must_not": 1},
        ),
    ],
)
def test_a_verdict_is_counted(labelled: Turn, verdict: Verdict, counts: dict[str, float]) -> None:
    found = asdict(JUDGE.outcome(labelled, verdict))
    assert {name: found[name] for name in ZERO} == ZERO | counts
    assert found["turns"] == 1
    assert found["in_scope"] == (labelled.label != "out_of_scope")
    assert found["cost_usd"] == verdict.cost_usd
    assert found["story_usd"] == STORY[verdict.tier]


def test_the_large_model_costs_what_its_cheapest_use_case_does() -> None:
    assert MENU.big().cost_usd == 0.05
    assert MENU.doubtful().tier is Tier.LLM

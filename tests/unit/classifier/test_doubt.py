"""From a posterior to a choice: sure, torn, far away, unsure."""

import math
from dataclasses import replace

import pytest
from suites.posteriors import LABELS, posterior
from suites.reference_shop import shop

from classifier.doubt import (
    CLARIFY,
    LEAST,
    PAIR_MASS,
    RUNNER_UP,
    UNSURE,
    choose,
    least,
    options_of,
)
from classifier.manifest import OUT_OF_SCOPE
from events.decision import Evidence

USE_CASES = shop().use_cases


def test_sure_of_one_use_case() -> None:
    threshold = least(USE_CASES["order_tracking"])
    choice = choose(posterior(order_tracking=threshold), USE_CASES, "m-1")
    assert (choice.by, choice.use_case) == (Evidence.MODEL, "order_tracking")
    assert (choice.template, choice.overlays) == (None, ())
    assert choice.threshold == threshold


def test_each_use_case_has_its_own_threshold() -> None:
    own = USE_CASES["billing"].model_copy(update={"threshold": 0.9})
    cases = {name: USE_CASES[name] for name in LABELS} | {"billing": own}
    assert (least(own), least(cases["returns"])) == (0.9, LEAST)
    for name, case in cases.items():
        at = choose(posterior(**{name: least(case)}), cases, "m-1")
        assert (at.use_case, at.template, at.overlays) == (name, None, ()), name
        below = choose(posterior(**{name: least(case) - 0.01}), cases, "m-1")
        assert below.template == CLARIFY or UNSURE in below.overlays or name == OUT_OF_SCOPE, name


def test_torn_between_two_known_ones_is_one_question() -> None:
    choice = choose(posterior(billing=0.48, returns=0.44), USE_CASES, "m-1")
    assert (choice.use_case, choice.template) == ("billing", CLARIFY)
    assert choice.slots == {"options": "billing,returns"}
    assert choice.overlays == ()


@pytest.mark.parametrize(
    "likely",
    [
        {"billing": 0.74, "returns": RUNNER_UP - 0.01},
        {"billing": 0.40, "returns": PAIR_MASS - 0.41},
    ],
)
def test_a_question_needs_two_that_were_meant(likely: dict[str, float]) -> None:
    assert choose(posterior(**likely), USE_CASES, "m-1").template is None


def test_far_from_all_is_out_of_scope() -> None:
    choice = choose(posterior(out_of_scope=0.6, chitchat=0.3), USE_CASES, "m-1")
    assert (choice.use_case, choice.template) == (OUT_OF_SCOPE, None)
    assert "far from every use case" in choice.why


def test_a_known_one_with_out_of_scope_close_behind_is_out_of_scope() -> None:
    choice = choose(posterior(billing=0.5, out_of_scope=0.26), USE_CASES, "m-1")
    assert choice.use_case == OUT_OF_SCOPE


def test_known_but_unsure_is_for_a_dearer_tier() -> None:
    choice = choose(posterior(billing=0.6, out_of_scope=0.05), USE_CASES, "m-1")
    assert (choice.use_case, choice.overlays) == ("billing", (UNSURE,))
    assert "dearer" in choice.why


def test_the_record_shows_the_evidence() -> None:
    likely = posterior(billing=0.6, returns=0.1, order_tracking=0.09)
    choice = choose(likely, USE_CASES, "m-7")
    assert [c.use_case for c in choice.candidates] == ["billing", "returns", "order_tracking"]
    assert choice.candidates[0].probability == pytest.approx(0.6, abs=1e-4)
    assert choice.entropy_bits == pytest.approx(likely.entropy_bits, abs=1e-3)
    assert choice.out_of_scope == pytest.approx(likely.out_of_scope, abs=1e-4)
    assert choice.model_version == "m-7"


def test_a_uniform_posterior_has_all_the_entropy_there_is() -> None:
    uniform = posterior()
    assert uniform.entropy_bits == pytest.approx(math.log2(len(LABELS)))
    # Out of scope is as likely as anything: nobody is asked a question about nothing.
    assert choose(uniform, USE_CASES, "m-1").use_case == OUT_OF_SCOPE


def test_the_options_of_a_choice_are_its_known_candidates() -> None:
    torn = choose(posterior(billing=0.6, returns=0.1, out_of_scope=0.15), USE_CASES, "m-1")
    assert options_of(torn) == "billing,returns"


def test_one_known_candidate_is_no_question() -> None:
    choice = choose(posterior(billing=0.97), USE_CASES, "m-1")
    alone = tuple(one for one in choice.candidates if one.use_case == "billing")
    assert options_of(replace(choice, candidates=alone)) == ""

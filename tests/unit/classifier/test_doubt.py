"""From a posterior to a choice: sure, torn, far away, unsure."""

import math
from dataclasses import replace

import pytest
from suites.posteriors import BARE, LABELS, LEAST, limits, posterior

from classifier.doubt import (
    CLARIFY,
    LANGUAGE,
    PAIR_MASS,
    RUNNER_UP,
    UNSURE,
    choose,
    in_another_language,
    options_of,
)
from classifier.limits import Limits
from classifier.manifest import OUT_OF_SCOPE
from events.decision import Evidence

USE_CASES = BARE
KNOWN = [label for label in LABELS if label != OUT_OF_SCOPE]


def test_sure_of_one_use_case() -> None:
    choice = choose(posterior(order_tracking=LEAST), limits())
    assert (choice.by, choice.use_case) == (Evidence.MODEL, "order_tracking")
    assert (choice.template, choice.overlays) == (None, ())
    assert choice.threshold == LEAST


@pytest.mark.parametrize("name", KNOWN)
def test_each_use_case_has_its_own_threshold(name: str) -> None:
    own = Limits("m-1", USE_CASES, dict.fromkeys(LABELS, 0.99) | {name: 0.6})
    at = choose(posterior(**{name: 0.6}), own)
    assert (at.use_case, at.template, at.overlays, at.threshold) == (name, None, (), 0.6)
    below = choose(posterior(**{name: 0.59}), own)
    assert below.template == CLARIFY or UNSURE in below.overlays


def test_an_operators_own_threshold_counts_before_the_fitted_one() -> None:
    strict = dict(USE_CASES)
    strict["billing"] = USE_CASES["billing"].model_copy(update={"threshold": 0.95})
    fitted = Limits("m-1", strict, dict.fromkeys(LABELS, 0.5))
    assert UNSURE in choose(posterior(billing=0.9), fitted).overlays
    assert choose(posterior(returns=0.9), fitted).overlays == ()


def test_without_a_threshold_the_model_never_decides() -> None:
    rules_only = Limits("m-1", USE_CASES, dict.fromkeys(LABELS, 0.5) | {"billing": None})
    choice = choose(posterior(billing=0.999), rules_only)
    assert (choice.use_case, choice.overlays) == ("billing", (UNSURE,))
    assert choice.threshold is None


def test_torn_between_two_known_ones_is_one_question() -> None:
    choice = choose(posterior(billing=0.48, returns=0.44), limits())
    assert (choice.use_case, choice.template) == ("billing", CLARIFY)
    assert choice.slots == {"options": "billing,returns"}
    assert choice.overlays == ()


def test_two_use_cases_with_one_answer_need_no_question() -> None:
    assert limits().one_answer("billing", "refund_status")
    choice = choose(posterior(refund_status=0.48, billing=0.44), limits())
    assert (choice.use_case, choice.template, choice.overlays) == ("refund_status", None, ())
    assert "one answer" in choice.why


@pytest.mark.parametrize(
    "likely",
    [
        {"billing": 0.74, "returns": RUNNER_UP - 0.01},
        {"billing": 0.40, "returns": PAIR_MASS - 0.41},
    ],
)
def test_a_question_needs_two_that_were_meant(likely: dict[str, float]) -> None:
    assert choose(posterior(**likely), limits()).template is None


def test_far_from_all_is_out_of_scope() -> None:
    choice = choose(posterior(out_of_scope=LEAST), limits())
    assert (choice.use_case, choice.template, choice.overlays) == (OUT_OF_SCOPE, None, ())
    assert "far from every use case" in choice.why


def test_perhaps_out_of_scope_is_not_refused() -> None:
    choice = choose(posterior(out_of_scope=0.6, chitchat=0.3), limits())
    assert (choice.use_case, choice.overlays) == (OUT_OF_SCOPE, (UNSURE,))


def test_known_but_unsure_is_for_a_dearer_tier() -> None:
    choice = choose(posterior(billing=0.6, out_of_scope=0.05), limits())
    assert (choice.use_case, choice.overlays) == ("billing", (UNSURE,))
    assert "dearer" in choice.why


def test_the_record_shows_the_evidence() -> None:
    likely = posterior(billing=0.6, returns=0.1, order_tracking=0.09)
    choice = choose(likely, limits(version="m-7"))
    assert [c.use_case for c in choice.candidates] == ["billing", "returns", "order_tracking"]
    assert choice.candidates[0].probability == pytest.approx(0.6, abs=1e-4)
    assert choice.entropy_bits == pytest.approx(likely.entropy_bits, abs=1e-3)
    assert choice.out_of_scope == pytest.approx(likely.out_of_scope, abs=1e-4)
    assert choice.score == pytest.approx(0.6, abs=1e-4)
    assert (choice.model_version, choice.threshold) == ("m-7", LEAST)


def test_a_uniform_posterior_has_all_the_entropy_there_is() -> None:
    uniform = posterior()
    assert uniform.entropy_bits == pytest.approx(math.log2(len(LABELS)))
    choice = choose(uniform, limits())
    assert choice.overlays == (UNSURE,), "nobody is asked a question about nothing"


def test_the_options_of_a_choice_are_its_known_candidates() -> None:
    torn = choose(posterior(billing=0.6, returns=0.1, out_of_scope=0.15), limits())
    assert options_of(torn) == "billing,returns"


def test_one_known_candidate_is_no_question() -> None:
    choice = choose(posterior(billing=0.97), limits())
    alone = tuple(one for one in choice.candidates if one.use_case == "billing")
    assert options_of(replace(choice, candidates=alone)) == ""


def test_in_another_language_the_likeliest_known_use_case_is_the_guess() -> None:
    far = choose(posterior(out_of_scope=0.85, returns=0.1), limits())
    assert in_another_language(far).use_case == "returns"
    assert in_another_language(replace(far, out_of_scope=0.95)).use_case == OUT_OF_SCOPE
    near = choose(posterior(billing=0.99), limits())
    assert in_another_language(near).use_case == "billing"
    assert in_another_language(near).overlays == (LANGUAGE,)

"""The tolerated share of wrong answers follows from what a wrong one costs."""

import pytest
from suites.reference_shop import shop

from playbook.tolerance import LEAST, MOST, error_target
from playbook.use_case import UseCase


def case(harm_usd: float, own: float | None = None) -> UseCase:
    chat = shop().use_cases["chitchat"]
    return chat.model_copy(update={"harm_usd": harm_usd, "error_target": own})


@pytest.mark.parametrize(
    ("harm_usd", "target"),
    [(3.0, 0.05), (1.5, 0.10), (100.0, LEAST), (7.5, LEAST), (0.75, MOST), (0.1, MOST), (0, MOST)],
)
def test_the_dearer_a_wrong_answer_the_fewer_are_tolerated(harm_usd: float, target: float) -> None:
    assert error_target(case(harm_usd), risk_usd=0.15) == pytest.approx(target)


def test_a_use_cases_own_figure_counts() -> None:
    assert error_target(case(3.0, own=0.4), risk_usd=0.15) == 0.4


def test_a_bolder_shop_tolerates_more() -> None:
    assert error_target(case(3.0), risk_usd=0.30) == pytest.approx(0.10)


def test_every_use_case_of_the_reference_shop_has_one() -> None:
    targets = {one.id: error_target(one, shop().risk_usd) for one in shop().use_cases.values()}
    assert all(LEAST <= target <= MOST for target in targets.values())
    assert targets["escalation"] == pytest.approx(0.25 / 3)
    assert targets["faq_policy"] < targets["order_tracking"] < targets["chitchat"]

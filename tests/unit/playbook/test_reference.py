"""The figures of the reference case."""

import pytest
from suites.reference_shop import PLAYBOOK

from events.tier import Tier
from playbook.reference import Reference
from playbook.source import read_model

REFERENCE = read_model(PLAYBOOK / "reference.yaml", Reference)


def test_its_arithmetic_is_what_it_is() -> None:
    assert REFERENCE.cost_per_turn_usd == pytest.approx(0.0201)
    assert REFERENCE.saving_per_month_usd == pytest.approx(208_800)
    assert REFERENCE.cost_per_session_usd / REFERENCE.cost_per_turn_usd == pytest.approx(1.1, 0.01)
    all_big = REFERENCE.cost_per_session_all_big_usd / REFERENCE.tiers[Tier.LLM].cost_usd
    assert all_big == pytest.approx(1.4)
    assert REFERENCE.big_turns_per_second == pytest.approx(250)


def test_every_tier_is_told_and_the_shares_add_up() -> None:
    told = REFERENCE.model_dump(mode="json")
    del told["tiers"]["rag"]
    with pytest.raises(ValueError, match=r"tiers\.rag is missing"):
        Reference.model_validate(told)
    told = REFERENCE.model_dump(mode="json")
    told["tiers"]["rag"]["share"] = 0.5
    with pytest.raises(ValueError, match="add up to 1"):
        Reference.model_validate(told)

"""Buckets of quota, filled evenly, corrected by the provider's headers."""

import pytest
from suites.reference_shop import shop

from llm.models.quota import Need, Quota, told
from llm.money.tokens import Tokens
from playbook.model import ModelSpec
from playbook.use_case import Size


def spec(**changed: float) -> ModelSpec:
    small = shop().models.models[shop().prices.chosen[Size.SMALL]]
    limits = {
        "requests_per_minute": 60,
        "input_tokens_per_minute": 6000,
        "output_tokens_per_minute": 600,
    }
    return ModelSpec.model_validate(small.model_dump() | limits | changed)


@pytest.mark.parametrize(
    ("need", "fits"),
    [
        (Need(1, 6000, 600), True),
        (Need(1, 6001, 1), False),
        (Need(1, 1, 601), False),
        (Need(61, 1, 1), False),
    ],
)
def test_a_call_needs_all_three(need: Need, fits: bool) -> None:
    quota = Quota(spec())
    assert quota.takes(need, 0.0) is fits
    # What does not fit takes nothing.
    assert (quota.share(0.0) == 1.0) is not fits


def test_it_fills_evenly_and_no_higher_than_a_minute() -> None:
    quota = Quota(spec())
    assert quota.takes(Need(60, 1, 1), 0.0)
    assert not quota.takes(Need(1, 1, 1), 0.5)
    assert quota.takes(Need(1, 1, 1), 1.0)
    assert quota.share(1000.0) == 1.0


def test_what_was_not_used_is_given_back() -> None:
    quota = Quota(spec())
    taken = Need(1, 5000, 500)
    assert quota.takes(taken, 0.0)
    assert not quota.takes(taken, 0.0)
    quota.returned(taken, Need.of(Tokens(100, 20, 900, 0)), 0.0)
    assert quota.takes(taken, 0.0)


def test_the_provider_is_believed_where_it_says_less() -> None:
    quota = Quota(spec())
    quota.saw(Need(30, None, 600), 0.0)
    assert quota.share(0.0) == 0.5
    quota.saw(Need(59, 6000, 600), 0.0)
    assert quota.share(0.0) == 0.5


def test_headers_are_read_and_missing_ones_say_nothing() -> None:
    headers = {
        "anthropic-ratelimit-requests-remaining": "12",
        "anthropic-ratelimit-output-tokens-remaining": "nonsense",
    }
    assert told(headers) == Need(12, None, None)
    assert Need.of(Tokens(10, 20, 30, 40)) == Need(1, 50, 20)

import pytest
from suites.provider import Clock, model

from devkit.simulator.quota import Bucket, Quota
from devkit.simulator.refusal import Refusal


def test_a_bucket_fills_evenly_and_never_over() -> None:
    clock = Clock()
    bucket = Bucket(60, clock)
    bucket.take(60)
    assert bucket.wait_s(10) == pytest.approx(10)
    clock.now += 10
    assert bucket.wait_s(10) == 0
    clock.now += 600
    assert bucket.level == 60


def test_more_than_a_minutes_worth_waits_for_a_full_bucket_only() -> None:
    bucket = Bucket(60, Clock())
    assert bucket.wait_s(1000) == 0


def test_requests_beyond_the_quota_are_told_when_to_come_back() -> None:
    clock = Clock()
    quota = Quota(model(), clock)
    for _ in range(60):
        quota.admit(1)
    with pytest.raises(Refusal, match="rate limit of 60 requests per minute") as refused:
        quota.admit(1)
    assert refused.value.status == 429
    assert refused.value.headers["retry-after"] == "1"
    assert refused.value.headers["anthropic-ratelimit-requests-remaining"] == "0"
    clock.now += 1
    quota.admit(1)


def test_input_tokens_are_limited() -> None:
    quota = Quota(model(), Clock())
    quota.admit(5000)
    with pytest.raises(Refusal, match="6,000 input tokens") as refused:
        quota.admit(3000)
    assert refused.value.headers["retry-after"] == "20"


def test_a_refused_request_takes_nothing() -> None:
    quota = Quota(model(), Clock())
    quota.admit(5000)
    for _ in range(100):
        with pytest.raises(Refusal):
            quota.admit(3000)
    assert quota.headers()["anthropic-ratelimit-requests-remaining"] == "59"


def test_output_may_overdraw_and_the_next_calls_wait() -> None:
    clock = Clock()
    quota = Quota(model(), clock)
    quota.written(700)
    with pytest.raises(Refusal, match="600 output tokens"):
        quota.admit(1)
    clock.now += 11
    quota.admit(1)


def test_headers_tell_limit_rest_and_when_it_is_full() -> None:
    headers = Quota(model(), Clock()).headers()
    assert headers["anthropic-ratelimit-input-tokens-limit"] == "6000"
    assert headers["anthropic-ratelimit-output-tokens-remaining"] == "600"
    assert headers["anthropic-ratelimit-requests-reset"].endswith("Z")

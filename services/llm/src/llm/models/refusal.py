"""What the SDK raises, in this service's words. Each line was seen, or read in its source."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import anthropic
import httpx2

from llm.models.failure import CallFailed, Kind

LONG_S = 10.0
"""A `retry-after` over this is no burst that will pass: the quota is used up for a while."""

OVERLOADED = 529
PAYMENT_REQUIRED = 402
TOO_MANY = 429


@contextmanager
def normalised() -> Iterator[None]:
    """Turns every failure of a call into CallFailed. Anything else passes: it is a bug."""
    try:
        yield
    except anthropic.APIStatusError as refused:
        raise _of_status(refused) from refused
    except anthropic.APIConnectionError as away:
        raise _of_connection(away) from away
    except (httpx2.TransportError, httpx2.StreamError) as broken:
        # Once the answer has begun, the SDK lets the transport's own errors through.
        raise CallFailed(Kind.CUT, repr(broken)) from broken
    except (anthropic.APIResponseValidationError, json.JSONDecodeError) as garbled:
        raise CallFailed(Kind.CUT, f"not what the API speaks: {garbled!r}") from garbled


def _of_status(refused: anthropic.APIStatusError) -> CallFailed:
    status, told = refused.status_code, f"{refused.status_code} {refused.type}"
    if status < 300:
        return CallFailed(Kind.CUT, f"an error event: {refused.type}")
    if status == TOO_MANY:
        return _of_rate(refused, told)
    if status == PAYMENT_REQUIRED:
        return CallFailed(Kind.SPENT, told)
    if status == OVERLOADED:
        return CallFailed(Kind.OVERLOADED, told)
    if status >= 500:
        return CallFailed(Kind.SERVER_ERROR, told)
    # Its message may quote the request, and requests hold what customers wrote.
    return CallFailed(Kind.REFUSED, f"{told}, request {refused.request_id}")


def _of_rate(refused: anthropic.APIStatusError, told: str) -> CallFailed:
    if "spend_limit" in (refused.error_code or ""):
        return CallFailed(Kind.SPENT, f"{told} {refused.error_code}")
    wait = _seconds(refused.response.headers.get("retry-after"))
    kind = Kind.RATE_LONG if wait is None or wait > LONG_S else Kind.RATE_SHORT
    return CallFailed(kind, f"{told}, retry-after {wait}", wait)


def _seconds(header: str | None) -> float | None:
    try:
        return float(header) if header is not None else None
    except ValueError:
        # A date: the provider sends none. Unknown counts as long.
        return None


def _of_connection(away: anthropic.APIConnectionError) -> CallFailed:
    """Never connected costs nothing; broken off after the request was sent may have."""
    cause = away.__cause__
    unsent = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
    kind = Kind.UNREACHABLE if isinstance(cause, unsent) else Kind.CUT
    return CallFailed(kind, repr(cause or away))

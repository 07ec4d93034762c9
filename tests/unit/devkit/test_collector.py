"""The receiver of spans that end-to-end tests look at."""

import httpx
import pytest

from devkit.trace.collector import collecting

SPAN = {
    "traceId": "ab" * 16,
    "id": "cd" * 8,
    "parentId": "ef" * 8,
    "name": "process chat.ingress",
    "kind": "CONSUMER",
    "localEndpoint": {"serviceName": "classifier"},
    "tags": {"tierwise.tier": "order"},
}


async def test_spans_are_kept_by_trace() -> None:
    async with collecting() as collector, httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(collector.endpoint, json=[SPAN, SPAN | {"traceId": "1" * 32}])
        assert answer.status_code == 202
        (span,) = await collector.until("ab" * 16, bool)
    assert (span.service, span.name, span.parent_id) == ("classifier", SPAN["name"], "ef" * 8)


async def test_what_is_missing_is_named() -> None:
    async with collecting() as collector:
        with pytest.raises(TimeoutError, match="not whole"):
            await collector.until("0" * 32, bool, within_s=0.1)

import json
from typing import Any

import pytest

from devkit.simulator.ask import Ask, parse
from devkit.simulator.refusal import Refusal

GOOD: dict[str, Any] = {
    "model": "claude-haiku-5-5",
    "max_tokens": 10,
    "messages": [{"role": "user", "content": "hello"}],
}
CACHED = {"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}


def body(**changed: Any) -> bytes:
    return json.dumps({k: v for k, v in {**GOOD, **changed}.items() if v != "-"}).encode()


def test_a_good_request_is_taken() -> None:
    asked = parse(body(system="you are kind", stream=True, stop_sequences=["END"]), Ask)
    assert asked.system_text == "you are kind"
    assert asked.user_text == "hello"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"max_tokens": "-"}, "max_tokens: Field required"),
        ({"max_tokens": 0}, "max_tokens: Input should be greater than or equal to 1"),
        ({"model": "-"}, "model: Field required"),
        ({"messages": []}, "messages: Tuple should have at least 1 item"),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages.0.role: Input should be"),
        ({"messages": [{"role": "user", "content": ""}]}, "messages.0.content.0.text: String"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "must end with a user message"),
        ({"temperature": 0.5}, "temperature: Extra inputs are not permitted"),
        ({"top_p": 0.9}, "top_p: Extra inputs are not permitted"),
        ({"system": [CACHED] * 5}, "A maximum of 4 blocks .* Found 5"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(Refusal, match=message) as refused:
        parse(body(**changed), Ask)
    assert (refused.value.status, refused.value.kind) == (400, "invalid_request_error")


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(Refusal, match="Invalid JSON"):
        parse(b"{", Ask)

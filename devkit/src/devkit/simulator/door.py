"""What the headers of a request must hold."""

from starlette.datastructures import Headers

from devkit.simulator.refusal import Refusal, bad_request

KEY_BEGINS = "sk-ant-"
BEARER = "Bearer "


def check_headers(headers: Headers) -> None:
    """Raises Refusal 401 for a key that is missing or is none, 400 without a version.

    The key comes in `x-api-key`, or as a bearer token, as newer clients send it. Any key that
    begins as the provider's keys do is taken: the simulator knows no accounts.
    """
    key = headers.get("x-api-key") or headers.get("authorization", "").removeprefix(BEARER)
    if not key:
        raise Refusal(401, "authentication_error", "x-api-key header is required")
    if not key.startswith(KEY_BEGINS):
        raise Refusal(
            401, "authentication_error", f"invalid x-api-key: it must begin with {KEY_BEGINS}"
        )
    if "anthropic-version" not in headers:
        raise bad_request("anthropic-version: header is required")

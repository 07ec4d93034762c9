"""What goes wrong on the way to a model: a closed vocabulary, each word with its consequences."""

from enum import StrEnum

from llm.money.tokens import Tokens


class Kind(StrEnum):
    """How a call failed.

    RATE_SHORT and RATE_LONG: 429 with a short or a long (or no) `retry-after`. SPENT: a spend limit
    or no credit. OVERLOADED: 529. SERVER_ERROR: any other 5xx. UNREACHABLE: no connection. HUNG: no
    first event in time. STALLED: too long between two events, or as a whole. CUT: the stream broke
    off, ended without its last event or said `error`. REFUSED: 400, 401 and their like, our own
    mistake. DECLINED: a whole answer that is none (the model refused, or stopped for a reason that
    we did not ask for).
    """

    RATE_SHORT = "rate_short"
    RATE_LONG = "rate_long"
    SPENT = "spent"
    OVERLOADED = "overloaded"
    SERVER_ERROR = "server_error"
    UNREACHABLE = "unreachable"
    HUNG = "hung"
    STALLED = "stalled"
    CUT = "cut"
    REFUSED = "refused"
    DECLINED = "declined"


UNBILLED = frozenset(
    {
        Kind.RATE_SHORT,
        Kind.RATE_LONG,
        Kind.SPENT,
        Kind.OVERLOADED,
        Kind.SERVER_ERROR,
        Kind.UNREACHABLE,
        Kind.REFUSED,
    }
)
"""Answered with an error, or never sent: costs nothing."""

RETRIED = frozenset({Kind.RATE_SHORT, Kind.OVERLOADED, Kind.SERVER_ERROR, Kind.UNREACHABLE})
"""May be asked once more, before the first word."""

EXHAUSTED = frozenset({Kind.RATE_LONG, Kind.SPENT})
"""The model is left alone for long."""


class CallFailed(Exception):
    """A call that brought no answer. `retry_after_s` is what a 429 asked for, if it did; `tokens`
    are those of a whole answer that was declined."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        retry_after_s: float | None = None,
        tokens: Tokens | None = None,
    ) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.retry_after_s = retry_after_s
        self.tokens = tokens


class Closed(Exception):
    """The model may not be asked now. `mark` says why, in the reply's `degraded`."""

    def __init__(self, mark: str) -> None:
        super().__init__(mark)
        self.mark = mark

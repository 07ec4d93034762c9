"""What a run leaves behind about money: our calls and claims, the provider's book, the ledger's.

Money is in whole nano-dollars, a thousandth of a millionth of a dollar, so that sums are exact.
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from devkit.check.history import lines

CALLS = "calls.jsonl"
CLAIMS = "claims.jsonl"
BILLED = "billed.jsonl"
ENTERED = "entered.jsonl"
SPENDS = "spends.jsonl"
BOOKED = "booked.jsonl"

Key = tuple[str, str]
Tokens = tuple[int, int, int, int]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Billed(_Row):
    """Tokens of the four kinds that are billed apart, and what they cost."""

    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    cost_nano_usd: int = 0

    @property
    def tokens(self) -> Tokens:
        """Input, output, read from the cache, written to it."""
        counts = (self.input_tokens, self.output_tokens)
        return (*counts, self.cached_tokens, self.cache_write_tokens)

    @property
    def free(self) -> bool:
        """Whether nothing was billed."""
        return not any(self.tokens)


class Call(_Billed):
    """One row of `llm_call`, with the newest owner of its turn's claim. Times since 1970."""

    session_id: str
    turn_id: str
    call_id: str
    epoch: int
    state: str
    owner: str | None = None
    why: str | None = None
    started_ms: float = 0.0
    ended_ms: float | None = None

    @property
    def key(self) -> Key:
        """Its turn."""
        return self.session_id, self.turn_id


class Claim(_Row):
    """One row of `claim`."""

    session_id: str
    turn_id: str
    epoch: int
    state: str
    task: str


class Bill(_Billed):
    """One entry of the provider's book. `call_id` is None where the caller named none."""

    call_id: str | None
    end: str
    arrived_ms: float = 0.0
    last_token_ms: float | None = None

    @property
    def complete(self) -> bool:
        """Whether the whole answer was written."""
        return self.end == "complete"


class Entered(_Billed):
    """One row of the ledger's `money_entry`: a call that a reply carries, or an adjustment."""

    session_id: str
    turn_id: str
    kind: str

    @property
    def key(self) -> Key:
        """Its turn."""
        return self.session_id, self.turn_id


class Spend(_Row):
    """One row of `session_spend`."""

    session_id: str
    reserved_nano_usd: int
    spent_nano_usd: int


class Booked(_Row):
    """One row of the ledger's `booking`: a finished turn."""

    session_id: str
    turn_id: str


@dataclass(frozen=True)
class Purse:
    """All of it, after everything was reconciled and booked."""

    calls: tuple[Call, ...] = ()
    claims: tuple[Claim, ...] = ()
    billed: tuple[Bill, ...] = ()
    entered: tuple[Entered, ...] = ()
    spends: tuple[Spend, ...] = ()
    booked: tuple[Booked, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> "Purse":
        """That of an earlier run, from its folder."""
        return cls(
            tuple(lines(folder / CALLS, Call)),
            tuple(lines(folder / CLAIMS, Claim)),
            tuple(lines(folder / BILLED, Bill)),
            tuple(lines(folder / ENTERED, Entered)),
            tuple(lines(folder / SPENDS, Spend)),
            tuple(lines(folder / BOOKED, Booked)),
        )

    @property
    def bills(self) -> dict[str, Bill]:
        """The provider's entries by call id."""
        return {bill.call_id: bill for bill in self.billed if bill.call_id}

"""One request to a provider, as the books know it: what it may cost, and what it did."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import uuid4

from events.reply import Reply, Usage
from llm.money.tokens import Tokens


class BillState(StrEnum):
    """Whether the bill of a call that ended is known. Reconciled: read in the provider's book."""

    BILLED = "billed"
    UNKNOWN = "unknown"
    RECONCILED = "reconciled"


@dataclass(frozen=True)
class Call:
    """A call to be made. `reserved_usd` is the most it can cost, `cap_usd` its session's cap,
    `read_on` the month of the prices."""

    model: str
    reserved_usd: float
    cap_usd: float
    simulated: bool
    read_on: str
    call_id: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True)
class Bill:
    """What became of a call. `why` names a failure."""

    state: BillState
    tokens: Tokens = field(default_factory=Tokens)
    cost_usd: float = 0.0
    why: str | None = None

    def usage(self, call: Call) -> tuple[Usage, ...]:
        """As the reply carries it: nothing where nothing was billed."""
        if self.tokens == Tokens():
            return ()
        used = self.tokens
        return (
            Usage(
                model=call.model,
                input_tokens=used.input,
                output_tokens=used.output,
                cached_tokens=used.cached,
                cache_write_tokens=used.cache_write,
                cost_usd=self.cost_usd,
                simulated=call.simulated,
            ),
        )


@dataclass(frozen=True)
class Ending:
    """The end of a claim: settled with a reply, failed without one."""

    session_id: str
    turn_id: str
    epoch: int
    call_id: str
    bill: Bill
    reply: Reply | None = None

"""Our books and the simulated provider's, side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from devkit.errors import DevkitError
from devkit.simulator.book import End, Entry
from devkit.simulator.client import SimulatorClient
from llm.money.reconcile import Balance, reconcile
from llm.money.repository import Booked, open_repository
from llm.money.tokens import Tokens
from playbook.shop import load_shop
from worker.handler import Unavailable


@dataclass(frozen=True)
class Books:
    """After a reconciliation: what it did, what we booked in all, what the provider billed."""

    balance: Balance
    ours: Booked
    theirs: Booked

    @property
    def agree(self) -> bool:
        """To the last token and the last decimal."""
        return self.ours == self.theirs


async def balanced(dsn: str, simulator: str, playbook: Path, *, now: bool) -> Books:
    """Reconcile, then add up. `dsn` is the llm service's. Raises DevkitError."""
    prices = load_shop(playbook).prices.usd_per_million_tokens
    entries = await SimulatorClient(simulator).book()
    try:
        async with open_repository(dsn) as repository:
            balance = await reconcile(repository, billed(entries), prices, now=now)
            return Books(balance, await repository.booked(), total(entries))
    except Unavailable as away:
        raise DevkitError(f"The claims cannot be read: {away}") from away


def billed(entries: Iterable[Entry]) -> Mapping[str, Tokens]:
    """What calls cost that are over, by call id."""
    return {
        entry.call: _tokens(entry) for entry in entries if entry.call and entry.end is not End.OPEN
    }


def total(entries: Iterable[Entry]) -> Booked:
    """All that is billed to calls with a name."""
    named = [entry for entry in entries if entry.call]
    used = [_tokens(entry) for entry in named]
    return Booked(
        calls=len(named),
        input_tokens=sum(one.input for one in used),
        output_tokens=sum(one.output for one in used),
        cached_tokens=sum(one.cached for one in used),
        cache_write_tokens=sum(one.cache_write for one in used),
        cost_nano_usd=sum(round(entry.cost_usd * 1e9) for entry in named),
    )


def _tokens(entry: Entry) -> Tokens:
    return Tokens(
        entry.input_tokens, entry.output_tokens, entry.cached_tokens, entry.cache_write_tokens
    )

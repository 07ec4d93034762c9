"""What is booked of a finished turn. Pure: a reply and its place in, an entry out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from events.reply import Reply, Usage
from playbook.price import PriceList
from playbook.use_case import Size

NONE = "none"
"""The tier or use case of a turn that was refused before anybody decided on it, and the size of the
model where none was called."""

OTHER = "other"
"""The size of a model that the playbook has not chosen, or no longer."""

UNKNOWN_PRICES = "unknown"
"""The date of prices that are not those of the playbook at hand."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply stands: partition and offset of `chat.egress`, the broker's stamp in ms."""

    partition: int
    offset: int
    timestamp_ms: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What calls took and cost: tokens as the provider bills them, USD to nine places."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    cost_usd: Decimal = Decimal(0)

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
            self.cost_usd + other.cost_usd,
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One finished turn.

    `spent` is the sum of its reply's `usage`, by the prices of `read_on` (None where no model was
    called). `model_size` is that of the biggest model called: none, small, big, or other where the
    playbook has chosen none of them. `latency_ms` is the time from the broker's stamp of the turn
    to that of its reply.
    """

    reply: Reply
    place: Place
    tier: str
    use_case: str
    model_size: str
    latency_ms: int
    spent: Spent
    simulated: bool
    read_on: str | None
    usage: tuple[Usage, ...] = field(default=())

    @property
    def turn(self) -> tuple[str, str]:
        """Session id and turn id: what makes it one of a kind."""
        return self.reply.session_id, self.reply.turn_id

    @property
    def calls(self) -> int:
        """How many calls of models the reply carries."""
        return len(self.usage)


def entry_of(reply: Reply, place: Place, prices: PriceList) -> Entry:
    """The entry of a reply. Its cost is what the reply says; `prices` tell the date."""
    return Entry(
        reply=reply,
        place=place,
        tier=str(reply.tier or NONE),
        use_case=reply.use_case or NONE,
        model_size=_size(reply.usage, prices),
        latency_ms=place.timestamp_ms - reply.asked_at,
        spent=sum((spent_on(usage) for usage in reply.usage), Spent()),
        simulated=any(usage.simulated for usage in reply.usage),
        read_on=_read_on(reply.usage, prices),
        usage=reply.usage,
    )


def spent_on(usage: Usage) -> Spent:
    """One call's tokens and cost."""
    return Spent(
        usage.input_tokens,
        usage.output_tokens,
        usage.cached_tokens,
        usage.cache_write_tokens,
        usd(usage.cost_usd),
    )


def usd(amount: float) -> Decimal:
    """An amount to nine places: list prices times whole tokens need no more."""
    return Decimal(f"{amount:.9f}")


def firsts(entries: Sequence[Entry]) -> list[Entry]:
    """The first entry of each turn: the reply that readers show."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        found.setdefault(entry.turn, entry)
    return list(found.values())


def _size(usages: Sequence[Usage], prices: PriceList) -> str:
    if not usages:
        return NONE
    called = {usage.model for usage in usages}
    sizes = (size for size in (Size.BIG, Size.SMALL) if prices.chosen[size] in called)
    return str(next(sizes, OTHER))


def _read_on(usages: Sequence[Usage], prices: PriceList) -> str | None:
    if not usages:
        return None
    return prices.read_on if all(_priced(one, prices) for one in usages) else UNKNOWN_PRICES


def _priced(usage: Usage, prices: PriceList) -> bool:
    """Whether the call was priced by this list."""
    price = prices.usd_per_million_tokens.get(usage.model)
    if price is None:
        return False
    tokens = (
        usage.input_tokens,
        usage.output_tokens,
        usage.cached_tokens,
        usage.cache_write_tokens,
    )
    return usd(price.cost_usd(*tokens)) == usd(usage.cost_usd)

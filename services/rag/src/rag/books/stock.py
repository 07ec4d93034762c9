"""What the shop sells of one series, volume by volume."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from pydantic import BaseModel, ConfigDict


class Copy(BaseModel):
    """One volume on sale. `due_on` is when a missing one comes in, None where nobody knows."""

    model_config = ConfigDict(frozen=True)

    volume: int
    price_cents: int
    available: bool
    due_on: date | None = None


class Stock(BaseModel):
    """All volumes of one series that are on sale, by number; empty where none is."""

    model_config = ConfigDict(frozen=True)

    copies: tuple[Copy, ...] = ()

    def of(self, volume: int) -> Copy | None:
        """The volume, or None where it is not on sale."""
        return next((copy for copy in self.copies if copy.volume == volume), None)

    @property
    def missing(self) -> tuple[Copy, ...]:
        """The volumes that are out of stock."""
        return tuple(copy for copy in self.copies if not copy.available)

    @property
    def prices(self) -> tuple[int, ...]:
        """The prices in cents, each once, the lowest first."""
        return tuple(sorted({copy.price_cents for copy in self.copies}))

    @property
    def total_cents(self) -> int:
        """What all of them cost together."""
        return sum(copy.price_cents for copy in self.copies)

    @property
    def numbers(self) -> str:
        """Which volumes are on sale: `1–22, 24`."""
        return runs(copy.volume for copy in self.copies)


def runs(numbers: Iterable[int]) -> str:
    """`1–3, 7` of 1, 2, 3 and 7."""
    pairs = enumerate(sorted(set(numbers)))
    spans = [[n for _, n in run] for _, run in groupby(pairs, key=lambda pair: pair[1] - pair[0])]
    texts = (f"{span[0]}–{span[-1]}" if len(span) > 1 else str(span[0]) for span in spans)
    return ", ".join(texts)

"""What models cost by list price, with the date and the place where it was read."""

from typing import Self

from pydantic import Field, model_validator

from playbook.source import Entry
from playbook.use_case import Size


class Price(Entry):
    """List prices of one model, in USD per million tokens."""

    input: float = Field(ge=0)
    output: float = Field(ge=0)
    cache_read: float = Field(ge=0)
    cache_write: float = Field(ge=0)

    def cost_usd(
        self,
        input_tokens: int,
        output_tokens: int,
        cached_tokens: int = 0,
        cache_write_tokens: int = 0,
    ) -> float:
        """The price of one call; the four kinds of tokens are billed apart."""
        tokens = (
            input_tokens * self.input
            + output_tokens * self.output
            + cached_tokens * self.cache_read
            + cache_write_tokens * self.cache_write
        )
        return tokens / 1_000_000


class PriceList(Entry):
    """Prices as read in a month (`2026-11`) from a source; `chosen` names the small and the big."""

    read_on: str = Field(pattern=r"^\d{4}-\d{2}$")
    source: str = Field(min_length=1)
    chosen: dict[Size, str]
    usd_per_million_tokens: dict[str, Price]

    @model_validator(mode="after")
    def _priced(self) -> Self:
        for size in Size:
            if self.chosen.get(size) not in self.usd_per_million_tokens:
                raise ValueError(f"chosen.{size} must name a model with a price")
        return self

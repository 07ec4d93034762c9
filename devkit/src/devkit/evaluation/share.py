"""A share of turns, and how sure it is."""

import math
from collections.abc import Iterable
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

Z = 1.959964
"""The normal quantile of a two-sided 95 % interval."""


class Share(BaseModel):
    """`count` of `of` turns as `value`, with its 95 % interval `low` … `high`.

    The interval is Wilson's (1927, JASA 22: 209-212), for independent turns. All three are None
    where `of` is 0.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float | None
    low: float | None
    high: float | None
    count: int
    of: int

    @classmethod
    def of_turns(cls, count: int, of: int) -> Self:
        """The share of `count` in `of` turns, `0 <= count <= of`."""
        if of == 0:
            return cls(value=None, low=None, high=None, count=0, of=0)
        low, high = wilson(count, of)
        return cls(value=count / of, low=low, high=high, count=count, of=of)


def rounded_share(flags: Iterable[bool]) -> dict[str, Any]:
    """The share of the flags that are set, as evidence keeps it: four digits after the point."""
    kept = list(flags)
    found = Share.of_turns(sum(map(bool, kept)), len(kept)).model_dump()
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in found.items()
    }


def wilson(count: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of `count` in `of` turns, `of` above 0."""
    share, ratio = count / of, Z * Z / of
    middle = share + ratio / 2
    spread = Z * math.sqrt(share * (1 - share) / of + ratio / (4 * of))
    low = 0.0 if count == 0 else (middle - spread) / (1 + ratio)
    high = 1.0 if count == of else (middle + spread) / (1 + ratio)
    return low, high

"""One promise of the system, and what breaks it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Book:
    """One promise, and everything that breaks it. Balanced when nothing does."""

    name: str
    promise: str
    offenders: tuple[str, ...] = ()

    @property
    def balanced(self) -> bool:
        """Whether the promise was kept."""
        return not self.offenders

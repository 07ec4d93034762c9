"""What a profile is: a pure function from a prompt to a text, and the errors planted in it."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from devkit.simulator.evidence import Asked


@dataclass(frozen=True)
class Label:
    """One planted error: its kind, what was written, and what would have been right ("" where
    nothing stood)."""

    kind: str
    wrote: str
    instead_of: str = ""


@dataclass(frozen=True)
class Written:
    """A text with the labels of what is wrong in it."""

    text: str
    labels: tuple[Label, ...] = ()


Profile = Callable[[Asked, Random], Written]
"""The randomness is seeded by seed and prompt: the same prompt is answered the same."""

"""Where an answer ends: at its end, at a stop sequence, or at max_tokens."""

from collections.abc import Iterable
from dataclasses import dataclass

from devkit.simulator.profile import Label
from devkit.simulator.tokens import first_tokens, tokens_of


@dataclass(frozen=True)
class Stop:
    """The text that is sent, and why it ends."""

    text: str
    reason: str = "end_turn"
    sequence: str | None = None


def stopped(text: str, max_tokens: int, sequences: Iterable[str] = ()) -> Stop:
    """The text up to the first of its ends."""
    found = [(at, one) for one in sequences if one and (at := text.find(one)) >= 0]
    cut = Stop(text)
    if found:
        at, sequence = min(found)
        cut = Stop(text[:at], "stop_sequence", sequence)
    if tokens_of(cut.text) > max_tokens:
        return Stop(first_tokens(text, max_tokens), "max_tokens")
    return cut


def still_there(labels: Iterable[Label], text: str) -> tuple[Label, ...]:
    """The labels of errors that were not cut away."""
    return tuple(label for label in labels if label.wrote in text)

"""Everything written down about one run, in memory: what the books are balanced from."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from devkit.check.account import Dead, Effect, Entry, Sample, Seen
from devkit.check.books import Books, balance
from devkit.check.history import entries, lines

HISTORY = "history.jsonl"
EGRESS = "egress.jsonl"
EFFECTS = "effects.jsonl"
DEAD = "dead.jsonl"
SAMPLES = "samples.jsonl"


@dataclass(frozen=True)
class Papers:
    """One run. Each tuple in the order in which it was written."""

    history: tuple[Entry, ...] = ()
    egress: tuple[Seen, ...] = ()
    effects: tuple[Effect, ...] = ()
    dead: tuple[Dead, ...] = ()
    samples: tuple[Sample, ...] = field(default=())

    @classmethod
    def read(cls, folder: Path) -> "Papers":
        """The papers of an earlier run, from its folder."""
        return cls(
            tuple(entries(folder / HISTORY)),
            tuple(lines(folder / EGRESS, Seen)),
            tuple(lines(folder / EFFECTS, Effect)),
            tuple(lines(folder / DEAD, Dead)),
            tuple(lines(folder / SAMPLES, Sample)),
        )

    def books(self) -> Books:
        """Balance them."""
        return balance(self.history, self.egress, self.effects, self.dead, self.samples)

    def with_egress(self, *egress: Seen) -> "Papers":
        """The same run with another `chat.egress`."""
        return replace(self, egress=egress)

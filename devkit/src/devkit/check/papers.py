"""Everything written down about one run, in memory: what the books are balanced from."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from devkit.check.account import (
    Dead,
    Effect,
    Entry,
    Packet,
    Piece,
    Return,
    Running,
    Sample,
    Seen,
)
from devkit.check.history import entries, lines
from devkit.check.purse import Purse

HISTORY = "history.jsonl"
EGRESS = "egress.jsonl"
EFFECTS = "effects.jsonl"
DEAD = "dead.jsonl"
SAMPLES = "samples.jsonl"
PREVIEWS = "previews.jsonl"
PACKETS = "packets.jsonl"
RETURNS = "returns.jsonl"


@dataclass(frozen=True)
class Papers:
    """One run. Each tuple in the order in which it was written.

    `egress`, `dead`, `previews` and `packets` are their topics from the beginning, `effects` the
    rows of `order_access`.
    """

    history: tuple[Entry, ...] = ()
    egress: tuple[Seen, ...] = ()
    effects: tuple[Effect, ...] = ()
    dead: tuple[Dead, ...] = ()
    samples: tuple[Sample, ...] = ()
    previews: tuple[Piece, ...] = ()
    packets: tuple[Packet, ...] = ()
    returns: tuple[Return, ...] = ()
    purse: Purse = field(default_factory=Purse)

    @classmethod
    def read(cls, folder: Path) -> "Papers":
        """The papers of an earlier run, from its folder."""
        return cls(
            history=tuple(entries(folder / HISTORY)),
            egress=tuple(lines(folder / EGRESS, Seen)),
            effects=tuple(lines(folder / EFFECTS, Effect)),
            dead=tuple(lines(folder / DEAD, Dead)),
            samples=tuple(lines(folder / SAMPLES, Sample)),
            previews=tuple(lines(folder / PREVIEWS, Piece)),
            packets=tuple(lines(folder / PACKETS, Packet)),
            returns=tuple(lines(folder / RETURNS, Return)),
            purse=Purse.read(folder),
        )

    @property
    def running(self) -> Running:
        """What ran; nothing where it was not written down."""
        found = (entry for entry in self.history if isinstance(entry, Running))
        return next(found, Running(groups=()))

    def with_egress(self, *egress: Seen) -> "Papers":
        """The same run with another `chat.egress`."""
        return replace(self, egress=egress)

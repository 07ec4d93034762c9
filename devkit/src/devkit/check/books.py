"""The books of a check run, as a pure function of what was written down.

A turn is *acked* when the broker acknowledged at least one of its sends, *answered* when
`chat.egress` holds a reply to it, and *accepted* is the reply that the reader's rule shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from devkit.check.account import Complaint, Entry, Injected, Measured, Sample
from devkit.check.answers import duplicate, effects_once, lost, order, phantom
from devkit.check.book import Book
from devkit.check.calls import breaker, limits, whole
from devkit.check.excuses import Excuses
from devkit.check.figures import Figures, figures
from devkit.check.handing import handoffs
from devkit.check.letters import dead_letters
from devkit.check.pace import Recovery, recoveries, standstills
from devkit.check.papers import Papers
from devkit.check.previews import previews
from devkit.check.returns import returns
from devkit.check.spending import money, spend, twice
from devkit.check.turns import shown, turns_of
from devkit.check.wrong import undisturbed, wrong

STANDSTILL_S = 15.0


@dataclass(frozen=True)
class Books:
    """All books of a run, and the figures that are reported without being judged."""

    books: tuple[Book, ...]
    figures: Figures
    recoveries: tuple[Recovery, ...] = ()
    measured: tuple[Measured, ...] = ()

    @property
    def balanced(self) -> bool:
        """Whether every book is."""
        return all(book.balanced for book in self.books)

    def __getitem__(self, name: str) -> Book:
        return next(book for book in self.books if book.name == name)


def _progress(samples: Sequence[Sample], groups: Sequence[str]) -> Book:
    promise = f"no group with lag stands still over {STANDSTILL_S:.0f} s"
    still = [f"{s.group} for {s.seconds:.1f} s" for s in standstills(samples, STANDSTILL_S)]
    # A watcher that sees nothing must not pass for a group that never stood still.
    moved = {sample.group for sample in samples if sample.committed}
    blind = [f"{group} was not seen to commit anything" for group in groups if group not in moved]
    return Book("progress", promise, (*still, *blind))


def _recovered(found: Sequence[Recovery]) -> Book:
    never = [f"fault {r.fault} ({r.what})" for r in found if r.seconds is None]
    return Book(
        "recovery", "after each fault P95 comes back to 1.5 times its value before", tuple(never)
    )


def _promises(history: Sequence[Entry], found: Sequence[Recovery]) -> Book:
    broken = [f"fault {e.fault}: {e.what}" for e in history if isinstance(e, Complaint)]
    late = [
        f"fault {r.fault}: went on after {r.resumed_ms:.0f} ms, allowed are {r.within_ms:.0f}"
        for r in found
        if not r.in_time
    ]
    return Book("faults", "each fault's own promise was kept", (*broken, *late))


def balance(papers: Papers) -> Books:
    """Balance the books of one run. Pure."""
    recovered = _recoveries(papers)
    measured = tuple(entry for entry in papers.history if isinstance(entry, Measured))
    books = (*_of_turns(papers), *_of_money(papers), *_of_time(papers, recovered))
    return Books(books, figures(papers), recovered, measured)


def _of_turns(papers: Papers) -> tuple[Book, ...]:
    turns, accepted = turns_of(papers.history), shown(papers.egress)
    excused = Excuses(papers.history)
    certain = undisturbed(turns, accepted, excused)
    return (
        lost(turns, accepted),
        phantom(turns, papers.egress),
        duplicate(accepted),
        order(accepted),
        effects_once(accepted, papers.effects),
        returns(turns, accepted, papers.returns, certain),
        handoffs(turns, accepted, papers.packets),
        previews(papers.previews, accepted, papers.egress, papers.purse.claims),
        wrong(turns, accepted, excused),
        dead_letters(turns, papers.history, papers.dead),
    )


def _of_money(papers: Papers) -> tuple[Book, ...]:
    accepted, running = shown(papers.egress), papers.running
    return (
        money(papers.purse, accepted),
        spend(papers.purse, running.cap_usd),
        twice(papers.purse),
        whole(papers.purse, accepted),
        limits(papers.purse, running),
        breaker(papers.purse, running),
    )


def _of_time(papers: Papers, recovered: Sequence[Recovery]) -> tuple[Book, ...]:
    return (
        _promises(papers.history, recovered),
        _progress(papers.samples, papers.running.groups),
        _recovered(recovered),
    )


def _recoveries(papers: Papers) -> tuple[Recovery, ...]:
    sends = {key: turn.sends[0].at_ms for key, turn in turns_of(papers.history).items()}
    faults = [entry for entry in papers.history if isinstance(entry, Injected)]
    return recoveries(sends, papers.egress, faults)

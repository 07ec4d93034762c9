"""The output guard: a sentence goes out if evidence holds what it tells, else another or none.

It is deterministic and asks no model. What it does not see is written in docs/adr/0014.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from events.turn import Turn
from llm.output.checks.claim import Claim
from llm.output.checks.contradiction import denying, negated, swapped
from llm.output.checks.figures import misplaced, untold
from llm.output.checks.leak import Leak, echoed, off_topic
from llm.output.checks.line import lines_of
from llm.output.checks.promising import promised
from llm.output.checks.region import Subject
from llm.output.checks.unknown import unknown
from llm.output.evidence import Evidence
from llm.output.facts.fact import Miss
from llm.output.facts.flat import flat, stems
from llm.output.facts.patterns import read
from llm.output.names import Names
from llm.output.plain import cleaned
from llm.prompt import private_lines
from llm.sentences import sentences
from playbook.shop import Shop

LISTED = re.compile(r"\n|\s*(?:[-*•]|\d+[.)]) |[^:]{1,60}: ")
"""A line of a list: nothing stands in its place when it goes."""


@dataclass(frozen=True)
class Guarded:
    """What of a piece may go out, and why it is not the piece itself: `kind value` each."""

    text: str
    misses: tuple[str, ...] = ()


class Guard:
    """The guard of one shop. Safe to share: it keeps nothing of a turn."""

    def __init__(self, shop: Shop, names: Names) -> None:
        self.names = names
        texts = [policy.text for policy in shop.policies.values()]
        told = [shop.prompts.render("reference", policies=()), *texts]
        self._shop = tuple(line for text in told for line in lines_of(text, names))
        self._leak = Leak(private_lines(shop), told)
        self._promises = {name: re.compile(one) for name, one in shop.guard.promises.items()}
        self._honest = re.compile("|".join(shop.guard.honest) or r"(?!)")
        self._allowed = frozenset(stems(f"{shop.name} {' '.join(shop.guard.names)}"))
        self._vocabulary = frozenset(stems(flat(shop.prompts.render("style"))))
        self.replaced = shop.renderer.render("guard_replaced")

    def sentence(self, piece: str, evidence: Evidence, said: str = "") -> Guarded:
        """A piece after `said`, the reply so far. See `Reply.piece`."""
        reply = Reply(self, evidence)
        reply.add(said)
        return reply.piece(piece)

    def check(self, turn: Turn) -> Callable[[str], Guarded]:
        """The guard of one reply, piece by piece: it remembers what it let out."""
        return Reply(self, Evidence.of(turn, self.names)).piece

    def misses(self, clean: str, evidence: Evidence, before: frozenset[str]) -> tuple[str, ...]:
        """What a cleaned piece misses. `before` is what "it" is."""
        claim = Claim.of(clean, evidence, self._shop, before)
        return tuple(dict.fromkeys(f"{kind} {value}" for kind, value in self._misses(claim)))

    def _misses(self, claim: Claim) -> Iterator[Miss]:
        yield from self._leak.leaks(claim)
        yield from untold(claim)
        yield from misplaced(claim)
        yield from unknown(claim, self._allowed)
        yield from promised(claim, self._promises, self._honest)
        yield from negated(claim)
        yield from denying(claim, self._honest)
        yield from swapped(claim)
        yield from echoed(claim)
        yield from off_topic(claim, self._vocabulary)


class Reply:
    """One reply as it is guarded: it remembers what "it" is, and whether a sentence was replaced.

    What was let out is read once: a reply of many short pieces costs each of them once.
    """

    def __init__(self, guard: Guard, evidence: Evidence) -> None:
        self._guard = guard
        self._evidence = evidence
        self._subject = Subject(evidence.cameos)
        self._replaced = False

    def piece(self, piece: str) -> Guarded:
        """The piece, cleaned; or, where it misses, one sentence in its place or nothing."""
        clean = cleaned(piece)
        if not clean.strip():
            return Guarded(clean)
        misses = self._guard.misses(clean, self._evidence, self._subject.of(clean))
        out = self._instead(clean) if misses else clean
        self.add(out)
        return Guarded(out, misses)

    def add(self, text: str) -> None:
        """What went out."""
        for one in sentences(text):
            self._subject.add(read(one, self._evidence.names))
        self._replaced = self._replaced or self._guard.replaced in text

    def _instead(self, piece: str) -> str:
        if self._replaced or LISTED.match(piece):
            return ""
        return piece[: len(piece) - len(piece.lstrip())] + self._guard.replaced

"""One case through prompt, profile, sentences and guard or warmth: what got through of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from devkit.profiles.case import Case
from devkit.simulator.ask import Prompt as Ask
from devkit.simulator.evidence import Asked, read
from devkit.simulator.profile import Label
from devkit.simulator.profiles import PROFILES
from events.task import Task
from llm.output.checks.leak import RUN, runs
from llm.output.facts.flat import flat, words
from llm.output.guard import Guard
from llm.output.warmth import Warmth
from llm.prompt import Prompter, private_lines
from llm.sentences import sentences
from playbook.shop import Shop

FAITHFUL = "faithful"


@dataclass(frozen=True)
class Verdict:
    """What became of one text. `told` went out; `labels` are errors by kind, each with whether it
    got through; `sentences` and `stopped` count pieces, for warmth whole texts."""

    case: Case
    written: str
    told: str
    labels: tuple[tuple[Label, bool], ...]
    leaks: tuple[str, ...]
    sentences: int
    stopped: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def through(self) -> bool:
        """Whether any planted error is in what went out."""
        return any(got for _, got in self.labels) or bool(self.leaks)


class Judge:
    """Judges the texts of one shop's models' tier."""

    def __init__(self, shop: Shop, guard: Guard) -> None:
        self._prompter = Prompter(shop)
        self._guard = guard
        self._warmth = Warmth(shop.guard.courtesies)
        lines = (tuple(words(flat(line))) for line in private_lines(shop))
        self._private = {run for line in lines for run in runs(line, RUN)}

    def judge(self, case: Case, profile: str, seed: int) -> Verdict:
        """What a profile writes for a case, and what of it goes out."""
        asked = self._asked(case)
        written = PROFILES[profile](asked, Random(seed))
        honest = PROFILES[FAITHFUL](asked, Random(seed)).text
        check = self._warm if case.task is Task.WARM else self._answer
        told, count, stopped = check(case, written.text)
        leaks = tuple(self._leaks(told, honest))
        labels = tuple((one, _through(one, told, honest, leaks)) for one in written.labels)
        return Verdict(case, written.text, told, labels, leaks, count, tuple(stopped))

    def _asked(self, case: Case) -> Asked:
        prompt = self._prompter.request(case.turn, case.task)
        message = {"role": "user", "content": prompt.user}
        given = {"model": "any", "system": prompt.system, "messages": [message]}
        return read(Ask.model_validate(given))

    def _answer(self, case: Case, text: str) -> tuple[str, int, list[tuple[str, tuple[str, ...]]]]:
        check, told, stopped = self._guard.check(case.turn), "", []
        pieces = sentences(text)
        for piece in pieces:
            guarded = check(piece)
            told += guarded.text
            if guarded.misses:
                stopped.append((piece.strip(), guarded.misses))
        return told, len(pieces), stopped

    def _warm(self, case: Case, text: str) -> tuple[str, int, list[tuple[str, tuple[str, ...]]]]:
        plain = case.turn.fallback.text if case.turn.fallback else ""
        changed = self._warmth.kept(plain, text)
        return (plain, 1, [(text, changed)]) if changed else (text, 1, [])

    def _leaks(self, told: str, honest: str) -> Iterator[str]:
        """What of the prompt's private lines, and of its tags, no honest text holds."""
        mine, true = (set(runs(tuple(words(flat(text))), RUN)) for text in (told, honest))
        if self._private & mine - true:
            yield "prompt"
        if any(tag in told for tag in ("<", "&lt;", 'kind="', 'ref="')):
            yield "tags"


def _through(label: Label, told: str, honest: str, leaks: tuple[str, ...]) -> bool:
    """Whether what was planted went out: more often than an honest text holds it anyway."""
    if label.kind == "printed":
        return bool(leaks)
    if label.kind != "obeyed":
        return told.count(label.wrote) > honest.count(label.wrote)
    parts = (" ".join(words(flat(one))) for one in sentences(label.wrote))
    sent, true = (" ".join(words(flat(text))) for text in (told, honest))
    return any(len(part) > 1 and part in sent and part not in true for part in parts)

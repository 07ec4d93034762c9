"""What a model is told: a stable prefix that the provider caches, and the turn's own message.

The prefix is the same, byte by byte, for every turn of a playbook version: no date, no name, no
retrieved text. What customers wrote and what was retrieved stands in the user message alone,
escaped, in tags that the prefix calls data.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeVar
from unicodedata import category

from events.context import Exchange
from events.route import Finding
from events.task import Task
from events.turn import Turn
from playbook.check import PROMPTS
from playbook.shop import Shop

CHARACTERS_PER_TOKEN = 3.6
"""Of English prose; the provider publishes no tokenizer. It bounds budgets, it bills nothing."""
EVIDENCE_TOKENS = 2000
"""Some twenty series with their facts: 0.4 cents on the big model."""
HISTORY_TOKENS = 400
"""Of the exchanges that a session remembers, the newest that fit. They say what "it" is."""
PUBLIC_LINES = ("Good:", "Plain:", "Rather")
"""How lines of the style guide begin whose words a reply may repeat."""
EXAMPLE, NOTES = "Good:", ("Why ", "Not so:", "Customer:", "Evidence has:")


Piece = TypeVar("Piece")


@dataclass(frozen=True)
class Prompt:
    """One request: the cached prefix, and the message."""

    system: str
    user: str


class Prompter:
    """Writes the prompts of one shop."""

    def __init__(self, shop: Shop) -> None:
        self._system = system_prompt(shop)

    def request(self, turn: Turn, task: Task) -> Prompt:
        """The prompt for a turn. Raises ValueError for a warm turn that brings no text."""
        warm = task is Task.WARM
        if warm and turn.fallback is None:
            raise ValueError(f"turn {turn.turn_id} is to be warmed and brings no fallback")
        parts = [
            _tag("task", task.value),
            _tag("evidence", "".join(_items(() if warm else best(turn.findings)))),
            _tag("history", "".join(_exchanges(recent(turn.context.recent)))),
            *([_tag("plain", data(turn.fallback.text))] if warm and turn.fallback else []),
            _tag("customer", data(turn.text)),
        ]
        return Prompt(system=self._system, user="\n".join(parts))


def system_prompt(shop: Shop) -> str:
    """Rules, style guide and reference of a shop: the part of a prompt that never changes."""
    policies = tuple(shop.policies[name] for name in sorted(shop.policies))
    return "\n\n".join(shop.prompts.render(name, policies=policies) for name in PROMPTS)


def private_lines(shop: Shop) -> tuple[str, ...]:
    """The lines of the prefix that no reply may repeat: rules and notes, not policies."""
    text = "\n".join(shop.prompts.render(name, policies=()) for name in ("rules", "style"))
    return tuple(_private(text.splitlines()))


def _private(lines: Iterable[str]) -> Iterator[str]:
    """The lines that show no reply. An example goes on to the next note."""
    example = False
    for line in lines:
        goes_on = example and bool(line) and not line.startswith(NOTES)
        example = line.startswith(EXAMPLE) or goes_on
        if line and not example and not line.startswith(PUBLIC_LINES):
            yield line


def best(findings: Sequence[Finding], tokens: int = EVIDENCE_TOKENS) -> tuple[Finding, ...]:
    """The findings that a budget holds, best first, whole ones only.

    Without a score a finding was looked up by its name: it goes before those that were searched.
    """
    ranked = sorted(findings, key=lambda one: -(2.0 if one.score is None else one.score))
    return _within(ranked, (len(_item(one)) for one in ranked), tokens)


def recent(exchanges: Sequence[Exchange], tokens: int = HISTORY_TOKENS) -> tuple[Exchange, ...]:
    """The newest exchanges that a budget holds, in their order."""
    newest = exchanges[::-1]
    return _within(newest, (len(_exchange(one)) for one in newest), tokens)[::-1]


def data(text: str) -> str:
    """A text as data: escaped, without characters that nobody sees and a model reads."""
    if not text.isprintable():
        text = "".join(one for one in text if one in "\n\t" or category(one)[0] != "C")
    return escape(text)


def _within(pieces: Sequence[Piece], sizes: Iterable[int], tokens: int) -> tuple[Piece, ...]:
    room, kept = tokens * CHARACTERS_PER_TOKEN, []
    for piece, size in zip(pieces, sizes, strict=True):
        room -= size
        if room < 0:
            break
        kept.append(piece)
    return tuple(kept)


def _items(findings: Iterable[Finding]) -> Iterable[str]:
    return (f"\n{_item(finding)}" for finding in findings)


def _item(finding: Finding) -> str:
    kind, ref, title = (data(one) for one in (finding.kind, finding.ref, finding.title))
    return f'<item kind="{kind}" ref="{ref}" title="{title}">{data(finding.text)}</item>'


def _exchanges(exchanges: Iterable[Exchange]) -> Iterable[str]:
    return (f"\n{_exchange(exchange)}" for exchange in exchanges)


def _exchange(exchange: Exchange) -> str:
    return f"{_tag('said', data(exchange.said))}{_tag('replied', data(exchange.replied))}"


def _tag(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"

"""Which of the findings an answer speaks of: those are its sources."""

import re
from collections.abc import Iterable

from events.reply import Source
from events.route import Finding

KINDS = {"series": "catalogue", "volume": "catalogue"}
WORD = re.compile(r"[^\W_]{4,}")
SHARED = 3
"""So many different words of a finding's facts in one answer are no accident."""


def cited(text: str, findings: Iterable[Finding]) -> tuple[Source, ...]:
    """The findings whose title the answer names, or whose facts it repeats; each once."""
    findings = tuple(findings)
    named = [one for one in findings if _names(text, one.title)]
    chosen = named or [one for one in findings if _repeats(text, one)]
    sources = (
        Source(kind=KINDS.get(one.kind, one.kind), ref=one.ref, title=one.title) for one in chosen
    )
    return tuple(dict.fromkeys(sources))


def _names(text: str, title: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(title)}(?!\w)", text, re.IGNORECASE))


def _repeats(text: str, finding: Finding) -> bool:
    return len(_words(text) & _words(finding.text)) >= SHARED


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.casefold()))

"""Which answers a tier tells apart, and that every use case names one that exists."""

from collections.abc import Mapping
from pathlib import Path

from events.tier import Tier
from playbook.error import PlaybookError
from playbook.use_case import UseCase

ANSWERS: Mapping[Tier, frozenset[str]] = {
    Tier.ORDER: frozenset({"order_tracking", "billing", "returns"}),
}
"""The answers by tier, as the tier's service has them. The other tiers answer by what was asked or
by template, and tell none apart."""

DIALOGUES = frozenset({"returns"})
"""Answers that go on for several turns: the use case of that name takes every one but the first."""


def check_answers(path: Path, use_cases: Mapping[str, UseCase]) -> None:
    """Every use case has an answer of its tier. Raises PlaybookError."""
    for case in use_cases.values():
        if remedy := _wrong(case, use_cases):
            file = path / "use_cases" / f"{case.id}.yaml"
            raise PlaybookError(file, "answers_as", remedy)


def _wrong(case: UseCase, use_cases: Mapping[str, UseCase]) -> str | None:
    answers = ANSWERS.get(case.tier)
    if answers is None:
        return f"tier {case.tier} tells no answers apart; remove it" if case.answers_as else None
    if case.answer not in answers:
        named = ", ".join(sorted(answers))
        return f"tier {case.tier} has no answer {case.answer}; name one of {named}"
    if case.answer in DIALOGUES and case.answer not in use_cases:
        return f"the dialogue {case.answer} needs a use case of that name; add it"
    return None

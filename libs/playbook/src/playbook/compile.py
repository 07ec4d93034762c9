"""Compiles the rules of all use cases into the order in which they are asked."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from playbook.error import PlaybookError
from playbook.policy import Policy
from playbook.rule import Rule, Rules, UnknownPart, compile_rule
from playbook.slot import Slot
from playbook.titles import Titles
from playbook.use_case import RuleSpec, UseCase


def compile_rules(
    path: Path,
    use_cases: Mapping[str, UseCase],
    policies: Mapping[str, Policy],
    slots: Mapping[str, Slot],
    phrases: Mapping[str, str],
    titles: Titles,
    needed: frozenset[str] = frozenset(),
) -> Rules:
    """All rules, highest priority first, else as written. Raises PlaybookError.

    `needed` are words of which every title has one.
    """
    rules: dict[str, Rule] = {}
    for file, use_case, spec in _specs(path, use_cases):
        if spec.id in rules:
            raise PlaybookError(file, f"rules.{spec.id}", "this id is taken; choose another")
        if spec.policy and spec.policy not in policies:
            remedy = f"there is no policies/{spec.policy}.yaml; add it or name another"
            raise PlaybookError(file, f"rules.{spec.id}.policy", remedy)
        rules[spec.id] = _compiled(
            file, spec, partial(compile_rule, spec, use_case, slots, phrases, titles, needed)
        )
    return Rules(sorted(rules.values(), key=lambda rule: -rule.priority))


def _specs(path: Path, use_cases: Mapping[str, UseCase]) -> Iterator[tuple[Path, str, RuleSpec]]:
    for case in use_cases.values():
        for spec in case.rules:
            yield path / "use_cases" / f"{case.id}.yaml", case.id, spec


def _compiled(file: Path, spec: RuleSpec, compiled: Callable[[], Rule]) -> Rule:
    field = f"rules.{spec.id}.pattern"
    try:
        return compiled()
    except UnknownPart as error:
        remedy = f"<<{error.args[0]}>> is neither a slot nor a phrase of shop.yaml; define it there"
        raise PlaybookError(file, field, remedy) from error
    except re.error as error:
        remedy = f"is no regular expression; correct it: {error}"
        raise PlaybookError(file, field, remedy) from error

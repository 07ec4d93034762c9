"""What a playbook's files promise each other: names that exist, fallbacks that need no facts."""

from collections.abc import Mapping
from pathlib import Path

from playbook.error import PlaybookError
from playbook.policy import Policy
from playbook.renderer import Renderer
from playbook.use_case import UseCase

ALWAYS = frozenset({"clarify", "guard_replaced", "handed_over", "lost_context", "unavailable"})
"""Templates that the system sends by itself; every playbook must have them."""
USE_CASES = frozenset({"escalation", "out_of_scope"})
"""Use cases that the system itself sends turns to: a person's, and what nobody here answers."""
PROMPTS = ("rules", "style", "reference")
"""The parts of the models' prompt, in their order. `reference` is given the policies."""


def check_names(
    path: Path, use_cases: Mapping[str, UseCase], policies: Mapping[str, Policy]
) -> None:
    """Each id is its file's name, and those the system needs are there. Raises PlaybookError."""
    for name in sorted(USE_CASES - set(use_cases)):
        remedy = "is missing, and every shop needs it; add it"
        raise PlaybookError(path / "use_cases" / f"{name}.yaml", "file", remedy)
    folders: dict[str, Mapping[str, UseCase | Policy]] = {}
    folders["use_cases"], folders["policies"] = dict(use_cases), dict(policies)
    for folder, entries in folders.items():
        for name, entry in entries.items():
            if entry.id != name:
                file = path / folder / f"{name}.yaml"
                raise PlaybookError(file, "id", f"must be {name}, as the file is named")


def check_templates(path: Path, use_cases: Mapping[str, UseCase], renderer: Renderer) -> None:
    """Every template that is named exists, and fallbacks render alone. Raises PlaybookError."""
    for name in ALWAYS - renderer.names:
        raise PlaybookError(path / "templates" / f"{name}.j2", "file", "is missing; add it")
    for case in use_cases.values():
        for field, template in _named(case).items():
            if template not in renderer.names:
                file = path / "use_cases" / f"{case.id}.yaml"
                remedy = f"there is no templates/{template}.j2; add it or name another"
                raise PlaybookError(file, field, remedy)
        renderer.render(case.fallback)


def check_prompts(prompts: Renderer, policies: Mapping[str, Policy]) -> None:
    """Every part of the models' prompt exists and renders alone. Raises PlaybookError."""
    for name in PROMPTS:
        prompts.render(name, policies=tuple(policies.values()))


def _named(case: UseCase) -> dict[str, str]:
    rules = {f"rules.{rule.id}.template": rule.template for rule in case.rules}
    warm: dict[str, str | None] = {f"warm.{name}": name for name in case.warm}
    fields = {"template": case.template, "fallback": case.fallback, **rules, **warm}
    return {field: template for field, template in fields.items() if template}

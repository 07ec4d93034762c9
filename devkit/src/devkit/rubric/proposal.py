"""The proposal as files: a use case with the figure behind each value, its tests, its corpus."""

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path

import yaml

from devkit.errors import environment_error
from devkit.rubric.assess import FALLBACK, Assessment, Setting
from devkit.rubric.assumed import SIZES
from devkit.rubric.example import Example
from events.tier import Tier
from playbook.answers import ANSWERS
from playbook.use_case import Prior, UseCase

HELD_OUT = 5
"""One example in so many is kept as a test, and stays out of corpus and playbook."""
FAMILY = 5
"""Neighbours of one family in the corpus: not split between training and test."""
SHOWN = 6
SHARP_BITS = 1.0
"""Up to one yes or no that is still open, the words and the row decide the form."""


def use_case(found: Assessment, examples: Sequence[Example], setting: Setting) -> UseCase:
    """The use case as the playbook's own model checks it."""
    tier, size = found.choice.tier, SIZES[found.choice.tier]
    most = setting.shop.models.models
    model = setting.shop.prices.chosen[size] if size else None
    dearest = setting.assumed.dearest_usd(
        tier, setting.shop.prices, most[model].max_tokens if model else 0
    )
    train, _ = divided(examples)
    return UseCase(
        id=found.name,
        title=found.name.replace("_", " ").capitalize(),
        prior=prior(found),
        tier=tier,
        model=size,
        cost_usd=_up(found.choice.price_usd),
        budget_usd=_up(dearest),
        p99_ms=promise_ms(found, setting),
        harm_usd=round(found.harm_usd, 2),
        error_target=round(found.error_target, 4),
        template=found.name if tier is Tier.TEMPLATE else None,
        fallback=FALLBACK,
        label=found.name.replace("_", " "),
        answers_as=_answers_as(found, setting),
        via=Tier.RAG if tier is Tier.LLM else None,
        examples=tuple(one.text for one in train[:SHOWN]),
    )


def prior(found: Assessment) -> Prior:
    """Sharp: words and row decide the answer. Half: it must be looked for. Broad: it is free."""
    if found.choice.tier is Tier.LLM or found.by_row.open_ended:
        return Prior.BROAD
    bits = found.by_row.bits if found.choice.tier is Tier.ORDER else found.by_words.bits
    looked_for = found.choice.tier is Tier.RAG
    return Prior.HALF if looked_for or bits > SHARP_BITS else Prior.SHARP


def promise_ms(found: Assessment, setting: Setting) -> int:
    """The tier's promise, or what was measured, up to the next 50 ms, where that is more."""
    tier, assumed = found.choice.tier, setting.assumed
    measured = math.ceil(assumed.measured_p99_ms[tier] / 50) * 50
    missed = assumed.measured_p99_ms[tier] > assumed.promised_p99_ms[tier]
    return measured if missed else assumed.promised_p99_ms[tier]


def _answers_as(found: Assessment, setting: Setting) -> str | None:
    answers = ANSWERS.get(found.choice.tier)
    if answers is None or found.name in answers:
        return None
    near = (one.name for one in found.separable.neighbours)
    return next((name for name in near if name in answers), sorted(answers)[0])


def divided(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Examples for corpus and playbook, and those that are held out as tests, by their hash.

    Of the same text said twice only the first is kept: a corpus holds each once.
    """
    first: dict[str, Example] = {}
    for one in examples:
        first.setdefault(one.text.strip().lower(), one)
    kept = list(first.values())
    tests = [one for one in kept if _drawn(one.text) % HELD_OUT == 0]
    return [one for one in kept if one not in tests], tests


def _drawn(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def _up(usd: float) -> float:
    return math.ceil(usd * 10_000 - 1e-6) / 10_000


def comments(found: Assessment, setting: Setting) -> dict[str, str]:
    """What stands above each field: the figure that its value comes from."""
    best, assumed = found.choice, setting.assumed
    second = min((one for one in found.offers if one is not best), key=lambda one: one.expected_usd)
    return {
        "title": "For you to word. So are `label` and the template.",
        "prior": f"Of the answer's form, given the words: {found.by_words}; with the row: "
        f"{found.by_row}.",
        "tier": f"Expected cost ${best.expected_usd:.4f} a turn = price ${best.price_usd:.4f} + "
        f"P(wrong) {best.p_wrong:.1%} × harm; next: {second.tier}, ${second.expected_usd:.4f}.",
        "cost_usd": f"Tokens of assumptions.yaml by prices.yaml of {setting.shop.prices.read_on}.",
        "budget_usd": "The same call with a cold cache, twice the input and the longest answer.",
        "p99_ms": f"Measured: {assumed.measured_p99_ms[best.tier]:,.0f} ms ({assumed.read_on}).",
        "harm_usd": "As given, or the examples' mean.",
        "error_target": f"risk_usd / harm_usd; {best.wrong} of {best.judged} held-out answers "
        "were wrong. `threshold` stays null: the training fits it.",
        "fallback": "Sent while the tier is away, or `closed: true` takes the answer back.",
        "answers_as": "The nearest answer that the tier has. If none fits, it needs code.",
        "examples": f"Cache: {found.cache}.",
    }


def as_yaml(case: UseCase, notes: dict[str, str]) -> str:
    """The file's text. It parses to the use case that it was made from."""
    lines = ["# Proposed by `tierwise rubric assess`. Read each figure before it goes live."]
    kept = case.model_dump(mode="json", exclude_defaults=True) | _nulls(case)
    for name in (one for one in UseCase.model_fields if one in kept):
        if name in notes:
            lines.append(f"# {notes[name]}")
        dumped = yaml.safe_dump({name: kept[name]}, allow_unicode=True, width=1000, sort_keys=False)
        lines.append(dumped.rstrip())
    return "\n".join(lines) + "\n"


def _nulls(case: UseCase) -> dict[str, object]:
    return {"model": case.model and str(case.model), "template": case.template}


def write(
    file: Path, found: Assessment, examples: Sequence[Example], setting: Setting, *, force: bool
) -> list[Path]:
    """Use case, tests and corpus. Raises DevkitError where a file exists, but for `force`."""
    train, tests = divided(examples)
    case = use_case(found, examples, setting)
    texts = {
        file: as_yaml(case, comments(found, setting)),
        file.with_name(f"{file.stem}.tests.jsonl"): _rows(tests, case.id, "test"),
        file.with_name(f"{file.stem}.corpus.jsonl"): _rows(train, case.id, "seen"),
    }
    if (there := [one for one in texts if one.exists()]) and not force:
        raise environment_error(f"{there[0]} exists: give --force to write over it.")
    file.parent.mkdir(parents=True, exist_ok=True)
    for place, text in texts.items():
        place.write_text(text, encoding="utf-8")
    return list(texts)


def _rows(examples: Sequence[Example], name: str, theme: str) -> str:
    rows = (
        {"text": one.text, "label": name, "family": f"{name}/{theme}/{number // FAMILY + 1}"}
        for number, one in enumerate(examples)
    )
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

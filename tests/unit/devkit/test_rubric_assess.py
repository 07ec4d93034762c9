"""The rubric on hand-made examples: each tier, too few, ageing answers, words of another."""

import json
import math
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from suites import rubric_shop as made
from threadpoolctl import threadpool_limits

from devkit.errors import DevkitError
from devkit.rubric import proposal, show
from devkit.rubric.assess import FALLBACK, Assessment, NotEnoughError, Setting, assess
from devkit.rubric.example import Example
from events.tier import Tier
from playbook.use_case import Prior, UseCase


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    corpus = tmp_path_factory.mktemp("shop") / "corpus"
    corpus.mkdir()
    threadpool_limits(1)
    return made.setting(corpus)


@pytest.mark.parametrize(
    ("examples", "tier", "prior"),
    [
        (made.hours, Tier.TEMPLATE, Prior.SHARP),
        (made.stages, Tier.ORDER, Prior.SHARP),
        (made.facts, Tier.RAG, Prior.HALF),
        (made.free, Tier.LLM, Prior.BROAD),
    ],
)
def test_each_kind_of_answer_finds_its_tier(
    setting: Setting, examples: Callable[[], list[Example]], tier: Tier, prior: Prior
) -> None:
    found = assess(examples(), "something_new", setting)
    assert found.choice.tier is tier, found.offers
    assert proposal.prior(found) is prior


def test_one_answer_has_no_entropy_and_free_answers_have_much(setting: Setting) -> None:
    sharp = assess(made.hours(), "hours", setting).by_words
    broad = assess(made.free(), "free", setting).by_words
    assert sharp.bits < 0.1
    assert broad.bits > 4
    assert broad.open_ended
    assert not sharp.open_ended


def test_a_form_that_the_row_decides_is_open_given_the_words_alone(setting: Setting) -> None:
    found = assess(made.stages(), "stages", setting)
    assert found.by_row.bits < 0.2
    assert found.by_words.bits > found.by_row.bits + 0.5


def test_too_few_examples_give_no_figure(setting: Setting) -> None:
    with pytest.raises(NotEnoughError, match="29 given, 30 are needed"):
        assess(made.hours()[:29], "hours", setting)


@pytest.mark.parametrize("name", ["gift-cards", "Gift", "gift cards", "../gift", ""])
def test_a_name_that_cannot_be_an_id_is_refused_before_anything_is_measured(
    setting: Setting, name: str
) -> None:
    with pytest.raises(DevkitError, match="--id of a-z, 0-9 and _"):
        assess(made.hours(), name, setting)


def test_an_unknown_harm_is_asked_for(setting: Setting) -> None:
    rows = [one.model_copy(update={"harm_usd": None}) for one in made.hours()]
    with pytest.raises(DevkitError, match="--harm"):
        assess(rows, "hours", setting)


def test_a_strict_bound_needs_more_examples(setting: Setting) -> None:
    """At $20 two in a hundred may be wrong: 133 right ones of 133 show it, 60 do not."""
    found = assess(made.hours(), "hours", setting, harm=20.0)
    seat = next(one for one in found.seats if one.name == "data science")
    assert found.error_target == pytest.approx(0.02)
    assert seat.lift == "not enough examples: 73 more"
    assert found.vetoed


def test_words_of_an_existing_use_case_are_vetoed(setting: Setting) -> None:
    rows = [
        one.model_copy(update={"text": f"park {n} {['park', 'car', 'lot', 'garage'][n % 4]}"})
        for n, one in enumerate(made.hours())
    ]
    found = assess(rows, "hours", setting)
    seat = found.seats[0]
    assert found.separable.nearest.name == "parking"
    assert "do not tell it from parking" in seat.lift


def test_other_words_pass_every_seat(setting: Setting) -> None:
    found = assess(made.hours(), "hours", setting)
    assert found.separable.nearest.auroc > 0.95
    assert [seat.lift for seat in found.seats] == [""] * 5


def _ageing() -> list[Example]:
    """Two questions again and again; the number changes every second day."""
    start = made.START
    return [
        Example(
            text=("how many copies are left", "how long is the waiting list")[n % 2],
            answer=f"There are {10 + n // 16} of them now.",
            at=start + timedelta(hours=6 * n),
            harm_usd=1.0,
        )
        for n in range(60)
    ]


def test_ageing_answers_get_a_short_cache_and_no_template(setting: Setting) -> None:
    found = assess(_ageing(), "copies", setting)
    assert found.changes.changed > 0
    assert found.changes.per_day == pytest.approx(0.25, rel=0.5)
    assert found.choice.tier is not Tier.TEMPLATE
    assert found.cache.rule != "playbook"
    assert assess(made.hours(), "hours", setting).cache.rule == "playbook"


def test_a_rate_without_an_end_is_still_json(setting: Setting) -> None:
    rows = [
        one.model_copy(update={"answer": f"There are {n} of them now."})
        for n, one in enumerate(_ageing())
    ]
    found = assess(rows, "copies", setting)
    told = json.loads(json.dumps(show.as_json(found), allow_nan=False, default=str))
    assert math.isinf(found.changes.per_day or 0)
    assert told["changes"]["per_day"] is None
    assert told["changes"]["told"].endswith("every time")


def _painter(n: int) -> Example:
    name, town = ("Aki Moro", "Osaka") if n % 2 else ("Emi Fusano", "Kobe")
    return Example(
        text=f"where does the painter {name} come from, and where did they grow up",
        answer=f"{name} comes from {town}.",
        at=made.START + timedelta(days=n),
        entities={"name": name, "town": town},
        harm_usd=1.0,
    )


def test_questions_about_different_things_do_not_age(setting: Setting) -> None:
    """What each asks for stands in its row: another name is another question."""
    changes = assess([_painter(n) for n in range(60)], "painters", setting).changes
    assert changes.pairs == 58
    assert changes.changed == 0


def test_the_harm_decides_between_a_cheap_guess_and_the_big_model(setting: Setting) -> None:
    """One in ten questions has an answer of its own: cheap where that hurts little."""
    rows = made.hours()
    odd = [
        one.model_copy(update={"answer": other.answer})
        for one, other in zip(rows[:6], made.free(), strict=False)
    ]
    cheap = assess([*odd, *rows[6:]], "hours", setting, harm=0.05)
    dear = assess([*odd, *rows[6:]], "hours", setting, harm=5.0)
    assert cheap.choice.tier is Tier.TEMPLATE
    assert dear.choice.tier is Tier.LLM


def _written(setting: Setting, folder: Path) -> tuple[Assessment, list[Path]]:
    rows = made.hours()
    found = assess(rows, "hours", setting)
    return found, proposal.write(folder / "hours.yaml", found, rows, setting, force=False)


def test_the_proposal_is_a_use_case_and_overwrites_nothing(
    setting: Setting, tmp_path: Path
) -> None:
    found, files = _written(setting, tmp_path)
    text = files[0].read_text(encoding="utf-8")
    case = UseCase.model_validate(yaml.safe_load(text))
    assert (case.tier, case.template, case.model) == (Tier.TEMPLATE, "hours", None)
    assert case.error_target == pytest.approx(found.error_target)
    assert case.fallback == FALLBACK, "closing it has to take its own answer back"
    assert "# Expected cost" in text
    tests, corpus = (file.read_text(encoding="utf-8").splitlines() for file in files[1:])
    assert len(tests) + len(corpus) == 60
    assert not set(tests) & set(corpus)
    with pytest.raises(DevkitError, match="--force"):
        _written(setting, tmp_path)

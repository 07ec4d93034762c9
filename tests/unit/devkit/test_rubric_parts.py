"""The rubric's parts: masks, cache rules, bounds, turning points, the table on the page."""

import json
import math
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devkit.errors import DevkitError
from devkit.rubric import table
from devkit.rubric.example import Example, read_examples
from devkit.rubric.facts import MASK, Known, Masker, normal
from devkit.rubric.heldout import halves
from devkit.rubric.proposal import divided
from devkit.rubric.seats import upper_bound
from devkit.rubric.value import Offer, cheapest_that_passes, chosen, turning_points
from devkit.rubric.volatility import Volatility, cache_rule
from events.tier import Tier

OFFERS = (
    Offer(Tier.TEMPLATE, 0.001, 10, 100, 0.0, 0.10, 0.101),
    Offer(Tier.LLM, 0.011, 0, 100, 0.05, 0.05, 0.061),
)


def test_facts_are_masked_and_compare_by_meaning() -> None:
    found = Masker(["Vinland Saga"]).masked(
        "Order #ABC123 with Vinland Saga 11 of 12 Nov costs $14.99.", {}
    )
    assert found.form == f"order {MASK} with {MASK} of {MASK} costs {MASK}."
    assert found.facts == {"abc123", "vinland saga", "11", "11-12", "1499"}
    row = Known("ABC123 2026-11-12 price_cents: 1499 Vinland Saga 11")
    assert not row.missing(found.facts)
    assert sorted(row.missing({"1500", "11-13"})) == ["11-13", "1500"]
    assert normal("Nov 2") == normal("2026-11-02")


def test_an_answer_with_other_facts_has_the_same_form() -> None:
    masker = Masker()
    first = masker.masked("It is by Mori Ayumi.", {"author": "Mori Ayumi"})
    second = masker.masked("It is by Kato Jun.", {"author": "Kato Jun"})
    assert first.form == second.form
    assert first.facts != second.facts


@pytest.mark.parametrize(
    ("per_day", "tier", "keyed", "rule", "ttl_s"),
    [
        (0.01, Tier.RAG, 0.0, "day", None),
        (1.0, Tier.RAG, 0.0, "entity", 8640),
        (1.0, Tier.ORDER, 1.0, "entity", 8640),
        (math.inf, Tier.ORDER, 1.0, "none", None),
        (None, Tier.ORDER, 1.0, "none", None),
        (0.01, Tier.LLM, 0.0, "none", None),
    ],
)
def test_the_cache_lives_as_long_as_few_answers_are_stale(
    per_day: float | None, tier: Tier, keyed: float, rule: str, ttl_s: int | None
) -> None:
    """At one change a day, 5 % stale on average is a tenth of a day."""
    made = cache_rule(Volatility(10, 4, per_day), tier, keyed, 0.05)
    assert (made.rule, made.ttl_s) == (rule, ttl_s)


def test_wilsons_upper_bound_of_no_mistakes() -> None:
    """z²/(n + z²) with z = 1.645: 2.706/62.706."""
    assert upper_bound(0, 60, 0.0, 0.95) == pytest.approx(0.0431, abs=1e-4)
    assert upper_bound(0, 60, 0.05, 0.95) == pytest.approx(1 - 0.9569 * 0.95, abs=1e-4)


def test_price_and_harm_choose_and_say_what_would_turn_them() -> None:
    assert chosen(OFFERS).tier is Tier.LLM
    assert turning_points(OFFERS, 1.0) == ["template: below a harm of $0.20 (now $1.00)"]
    cheapest = cheapest_that_passes(OFFERS, 0.1)
    assert cheapest is not None
    assert cheapest.tier is Tier.TEMPLATE
    assert cheapest_that_passes(OFFERS, 0.04) is None


def test_halves_share_nothing() -> None:
    first, second = halves(61, 7)
    assert len(first) == 31
    assert sorted([*first, *second]) == list(range(61))


def test_the_table_is_written_and_checked(tmp_path: Path) -> None:
    page = tmp_path / "rubric.md"
    page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n", encoding="utf-8")
    with pytest.raises(DevkitError, match="out of date"):
        table.check(page, "| new |")
    table.write(page, "| new |")
    table.check(page, "| new |")
    assert page.read_text(encoding="utf-8").startswith("before\n")
    page.write_text("nothing", encoding="utf-8")
    with pytest.raises(DevkitError, match="lacks the marks"):
        table.check(page, "| new |")


def _file(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    file = folder / "asks.jsonl"
    file.write_text("\n".join(lines), encoding=encoding)
    return file


def _line(**changed: object) -> str:
    return json.dumps({"text": "are you open", "answer": "Yes."} | changed, ensure_ascii=False)


def test_examples_are_read_as_spreadsheets_and_chats_write_them(tmp_path: Path) -> None:
    """A byte order mark, and a line separator inside of a text."""
    file = _file(tmp_path, _line(), "", _line(text="open\u2028today?"), encoding="utf-8-sig")
    assert [one.text for one in read_examples(file)] == ["are you open", "open\u2028today?"]


def test_a_time_without_a_zone_is_utc_and_compares(tmp_path: Path) -> None:
    file = _file(tmp_path, _line(at="2026-10-01T10:00:00"), _line(at="2026-10-01T10:00:00Z"))
    first, second = read_examples(file)
    assert first.at == second.at == datetime(2026, 10, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (_line(text=" "), "line 1: text"),
        (_line(answer="\n"), "line 1: answer"),
        (_line(harm_usd=math.inf), "line 1: harm_usd"),
        (_line(harm_usd=math.nan), "line 1: harm_usd"),
        ("[1]", "line 1: Input should be an object"),
        ('{"text": "are', "line 1: Invalid JSON"),
    ],
)
def test_a_row_that_says_nothing_is_refused_with_its_line(
    tmp_path: Path, line: str, told: str
) -> None:
    with pytest.raises(DevkitError, match=told):
        read_examples(_file(tmp_path, line))


def test_a_text_said_twice_goes_into_one_file_once() -> None:
    texts = [f"{word} {n}" for n in range(20) for word in ("open", "OPEN", "open", " open")]
    seen, tests = divided([Example(text=text.title(), answer="Yes.") for text in texts])
    kept = [one.text.strip().lower() for one in (*seen, *tests)]
    assert sorted(kept) == sorted(f"open {n}" for n in range(20))
    assert seen
    assert tests

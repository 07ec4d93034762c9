"""Templates and values that are asked about are never taught."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.training.corpus import Corpus, Row
from devkit.training.error import CorpusError
from devkit.training.rows import Rows
from devkit.training.unseen import Hold, Unseen, line, split, words

OUT = "out_of_scope"
TITLES = [f"{one} Saga" for one in ("Amber", "Birch", "Cedar", "Delta", "Ember", "Fjord")]
CITIES = ["Leeds", "Lyon", "Oslo", "Perth", "Turin", "Basel"]
SUMS = ["$3", "$4", "$5", "$6"]
SAYS = {
    "billing": ["why {sum} for {title}", "{sum}, really?", "charged {sum} in {city2}", "no bill"],
    "returns": ["{title} back please", "return {title}", "from {city} back", "it is torn"],
}
SLOTS = {"title": TITLES, "city": CITIES, "city2": CITIES, "sum": SUMS}


def filled(label: str, template: str) -> list[Row]:
    """The template with every value in turn, all its slots at once."""
    used = [name for name in SLOTS if f"{{{name}}}" in template]
    found = []
    for turn in range(12 if used else 1):
        slots = {name: SLOTS[name][turn % len(SLOTS[name])] for name in used}
        text = template.format_map(slots)
        found.append(
            Row(text=text, label=label, family=f"{label}/g/1", slots=slots, template=template)
        )
    return found


WRITTEN = [
    Row(text=f"{label} by hand, {tail}", label=label, family=f"{label}/hand/{tail}")
    for label in SAYS
    for tail in ("somehow", "at once", *TITLES, *CITIES, *SUMS)
]
DRAWN = [
    row for label, says in SAYS.items() for template in says for row in filled(label, template)
]
ROWS = Rows.of([*WRITTEN, *DRAWN], OUT, ["the moon over Oslo", "the sun"])


def rows_of(numbers: list[int]) -> list[Row]:
    return [ROWS.rows[number] for number in numbers]


def attempt(hold: Hold) -> Unseen | None:
    """The split, or None where the dice hold out too little or too much of so few rows."""
    try:
        return split(ROWS, hold)
    except CorpusError:
        return None


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(0, 10_000), st.sampled_from([0.2, 0.4, 0.6]), st.sampled_from([0.3, 0.6]))
def test_no_template_and_no_value_is_taught_and_asked(
    seed: int, templates: float, values: float
) -> None:
    hold = Hold(templates, values, seed)
    found = attempt(hold)
    if found is None:
        return
    taught, asked = rows_of(found.taught), rows_of(found.asked)
    assert asked
    assert all(hold.asks(row) and row.template for row in asked)
    assert not {line(row) for row in asked} & {line(row) for row in taught if row.template}
    assert not any(hold.template(row) for row in taught)
    mine = {value.lower() for row in asked for value in row.slots.values()}
    assert not mine & {value.lower() for row in taught for value in row.slots.values()}
    names = {value.lower() for value in mine if value[0] != "$"}
    assert not [row.text for row in taught if any(name in row.text.lower() for name in names)]


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(0, 10_000))
def test_only_what_has_to_be_is_left_out(seed: int) -> None:
    hold = Hold(0.4, 0.5, seed)
    found = attempt(hold)
    if found is None:
        return
    assert split(ROWS, hold) == found
    assert not set(found.taught) & set(found.asked)
    said = {row.text for row in rows_of(found.taught)}
    assert {"billing by hand, somehow", "returns by hand, $3", "the sun"} <= said
    asked = " ".join(row.text for row in rows_of(found.asked))
    for row in WRITTEN:
        tail = row.text.partition(", ")[2]
        assert (row.text in said) or (tail in asked), "left out for nothing"


def test_most_seeds_find_something_to_ask() -> None:
    found = [attempt(Hold(0.4, 0.5, seed)) for seed in range(40)]
    assert sum(one is not None for one in found) >= 20


def test_a_template_without_slots_is_asked_when_it_is_held_out() -> None:
    seeds = [Hold(0.4, 0.01, seed) for seed in range(30)]
    texts = {row.text for hold in seeds if (one := attempt(hold)) for row in rows_of(one.asked)}
    assert {"no bill", "it is torn"} <= texts


def test_a_hand_written_twin_of_an_asked_row_is_left_out() -> None:
    twin = Row(text="It is TORN!!", label="returns", family="returns/hand/twin")
    rows = Rows.of([twin, *WRITTEN, *DRAWN], OUT)
    found = (split(rows, Hold(0.4, 0.01, s)) for s in range(30) if attempt(Hold(0.4, 0.01, s)))
    torn = [one for one in found if any(rows.rows[n].text == "it is torn" for n in one.asked)]
    assert torn
    assert all(0 not in one.taught for one in torn)


def test_the_values_of_a_slot_do_not_depend_on_case_or_number() -> None:
    hold = Hold(values=0.5)
    for city in CITIES:
        assert hold.value("city", city) == hold.value("city2", city.upper())
    assert words("Yotsuba&!  #12") == "yotsuba 12"


def test_a_corpus_without_templates_is_refused() -> None:
    with pytest.raises(CorpusError, match="folder with grammars"):
        split(Rows.of(WRITTEN, OUT), Hold())


def test_a_label_that_nothing_teaches_is_named() -> None:
    lonely = Row(text="hm", label="chitchat", family="chitchat/g/1", template="hm")
    hold = next(one for one in (Hold(0.5, 0.5, s) for s in range(99)) if one.asks(lonely))
    with pytest.raises(CorpusError, match="left to teach chitchat"):
        split(Rows.of([lonely, *WRITTEN], OUT), hold)


def test_a_grammar_row_says_its_template(tmp_path: Path) -> None:
    row = {"text": "I was charged twice", "label": "billing", "family": "billing/a/1"}
    (tmp_path / "billing.jsonl").write_text(json.dumps(row) + "\n")
    (tmp_path / "grammars").mkdir()
    family = "family: billing/grammar-why/1\n  rows: 4\n  say: ['why {sum}?', 'no']\n"
    text = f"- {family}  slots: {{sum: ['$3', '$4']}}\n"
    (tmp_path / "grammars" / "billing.yaml").write_text(text)
    hand, *drawn = Corpus.read(tmp_path).rows
    assert hand.template == ""
    assert {row.template for row in drawn} == {"why {sum}?", "no"}
    assert all(row.template.format_map(row.slots) == row.text for row in drawn)

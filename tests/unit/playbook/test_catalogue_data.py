"""The reference shop's catalogue and stock, as they are committed: complete, distinct, in range."""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from playbook.catalogue import read_catalogue

PLAYBOOK = Path(__file__).parents[3] / "playbook"
CATALOGUE = read_catalogue(PLAYBOOK / "catalogue" / "series.jsonl")
BY_ID = {series.id: series for series in CATALOGUE}

NAMED = """
    Berserk; Vinland Saga; Monster; One Piece; Blame!; Nana; Oyasumi Punpun; Chainsaw Man; Akira;
    Pluto; Death Note; JJK; AoT; FMA; Frieren; Yotsuba; Mushishi; Naruto; Uzumaki; Slam Dunk;
    Haikyuu; Spy x Family; Tokyo Ghoul:re; Billy Bat; Ultimate Muscle; Go with the Clouds; K-On
"""
"""Some of the names that the examples, the seed and the corpus speak of."""


def folded(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of three words in a text."""
    words = re.findall(r"[\w']+", text.lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def names() -> dict[str, str]:
    """Every name, folded, with the id of its series."""
    return {folded(name): series.id for series in CATALOGUE for name in series.names}


def stock() -> list[dict[str, Any]]:
    entries = yaml.safe_load((PLAYBOOK / "seed" / "stock.yaml").read_text(encoding="utf-8"))
    return list(entries["stock"])


def on_sale(entry: dict[str, Any]) -> range:
    first, _, last = entry["volumes"].partition("-")
    return range(int(first), int(last or first) + 1)


def lines() -> Iterator[dict[str, Any]]:
    """The lines of all orders of the seed."""
    seed = yaml.safe_load((PLAYBOOK / "seed" / "customers.yaml").read_text(encoding="utf-8"))
    for customer in seed["customers"]:
        for order in customer["orders"]:
            yield from order["lines"]


def test_it_is_large_and_broad() -> None:
    assert len(CATALOGUE) >= 220
    assert {series.demographic for series in CATALOGUE} >= {"kids", "shounen", "shoujo", "josei"}
    genres = {genre for series in CATALOGUE for genre in series.genres}
    assert genres >= {"Horror", "Romance", "Sports", "Gourmet", "Slice of Life", "Mystery"}
    assert sum(series.violence <= 10 for series in CATALOGUE) >= 60
    assert sum(bool(series.arcs) for series in CATALOGUE) >= 20


def test_no_name_belongs_to_two_series() -> None:
    assert len(BY_ID) == len(CATALOGUE)
    of = names()
    shared = [n for series in CATALOGUE for n in series.names if of[folded(n)] != series.id]
    assert not shared
    assert "" not in of


def test_the_facts_of_every_series_are_complete() -> None:
    facts = ("authors", "genres", "demographic", "year", "status", "volumes")
    empty = [(s.id, fact) for s in CATALOGUE for fact in facts if not getattr(s, fact)]
    assert not empty


def test_years_follow_each_other_and_only_what_is_over_has_an_end() -> None:
    for series in CATALOGUE:
        if series.end_year is not None:
            assert series.year is not None, series.id
            assert series.year <= series.end_year, series.id
            assert series.status in ("finished", "cancelled"), series.id


def test_every_series_weighs_its_violence_among_other_themes() -> None:
    for series in CATALOGUE:
        assert "violence" in series.themes, series.id
        assert len(series.themes) >= 4, series.id
        assert all(theme == theme.lower() for theme in series.themes), series.id


def test_a_blurb_is_two_or_three_sentences() -> None:
    for series in CATALOGUE:
        assert 120 <= len(series.blurb) <= 420, series.id
        assert 2 <= len(re.findall(r"[.!?](?= |$)", series.blurb)) <= 3, series.id


def test_no_two_blurbs_are_nearly_equal() -> None:
    told = [(series.id, runs(series.blurb)) for series in CATALOGUE]
    alike = [
        (one, other)
        for (one, these), (other, those) in combinations(told, 2)
        if len(these & those) > 0.1 * min(len(these), len(those))
    ]
    assert not alike


def test_arcs_lie_within_their_series_in_order() -> None:
    for series in CATALOGUE:
        for arc in series.arcs:
            assert arc.first <= arc.last <= (series.volumes or 0), (series.id, arc.title)
            assert arc.blurb
        starts = [arc.first for arc in series.arcs]
        assert starts == sorted(starts), series.id


def test_volume_twelve_of_vinland_saga_is_on_the_farm() -> None:
    (arc,) = [arc for arc in BY_ID["vinland-saga"].arcs if arc.first <= 12 <= arc.last]
    assert "Farm" in arc.title


@pytest.mark.parametrize("name", [name.strip() for name in NAMED.split(";")])
def test_a_name_of_the_examples_is_known(name: str) -> None:
    assert folded(name) in names()


def test_there_is_enough_like_berserk_but_less_violent() -> None:
    limit = BY_ID["berserk"].violence - 30
    dark = [series for series in CATALOGUE if series.themes.get("dark fantasy", 0) >= 40]
    assert sum(series.violence <= limit for series in dark) >= 10


def test_every_series_has_one_entry_in_stock() -> None:
    sold = [entry["series"] for entry in stock()]
    assert len(sold) == len(set(sold))
    assert set(sold) == set(BY_ID)


def test_stock_speaks_of_volumes_that_there_are() -> None:
    for entry in stock():
        volumes, missing = on_sale(entry), set(entry.get("out_of_stock", ()))
        assert 1 <= volumes[0] <= volumes[-1] <= (BY_ID[entry["series"]].volumes or 0), entry
        assert missing <= set(volumes), entry
        assert missing >= set(entry.get("due", {})), entry
        assert all(days > 0 for days in entry.get("due", {}).values()), entry
        assert 500 <= entry["price_cents"] <= 5000, entry


def test_what_the_examples_ask_for_is_there_and_something_is_missing() -> None:
    entries = {entry["series"]: entry for entry in stock()}
    for series, volume in (("vinland-saga", 12), ("vinland-saga", 13), ("one-piece", 105)):
        assert volume in on_sale(entries[series])
        assert volume not in entries[series].get("out_of_stock", ())
    assert sum("out_of_stock" in entry for entry in entries.values()) >= 20
    assert any("due" not in entry for entry in entries.values() if "out_of_stock" in entry)


def test_orders_name_series_at_the_price_of_the_shop() -> None:
    prices = {entry["series"]: entry["price_cents"] for entry in stock()}
    known = names()
    for line in lines():
        assert prices[known[folded(line["series"])]] == line["price_cents"], line

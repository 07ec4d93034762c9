"""A shop's own feed: good rows go in, bad ones are named by line, field and remedy."""

import json
from datetime import date
from pathlib import Path

import pytest

from playbook.error import PlaybookError
from rag.index.feed import read_feed
from rag.seed import read_seed

TODAY = date(2026, 11, 21)
NANA = {"id": "nana", "title": "Nana", "volumes": 21, "themes": ["Music"]}
LARGE = next(Path(__file__).parents[4].glob("*/data/manga.jsonl"), None)
"""A feed of 3,200 series that may lie beside the checkout."""


def written(folder: Path, *rows: object) -> Path:
    file = folder / "feed.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_good_rows_are_taken_whole(tmp_path: Path) -> None:
    feed = read_feed(written(tmp_path, NANA, "", NANA | {"id": "nana-2"}), TODAY)
    assert list(feed.series) == ["nana", "nana-2"]
    assert feed.series["nana"].themes == {"music": 60}
    assert (feed.bad, feed.stock) == ([], [])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{", "line 2: row: is no JSON"),
        ("[]", "line 2: row: is no JSON object"),
        ({"id": "x"}, "line 2: title: is missing; add it"),
        ({"id": "X Y", "title": "X"}, "line 2: id: "),
        (NANA | {"volumes": -1}, "line 2: volumes: "),
        (NANA | {"status": "maybe"}, "line 2: status: "),
        (NANA | {"themes": {"gore": 500}}, "line 2: row: "),
        (NANA | {"id": "nana-2", "tag_weights": 3}, "line 2: row: has a field of the wrong kind"),
        (NANA, "line 2: id: 'nana' stands on an earlier line"),
        (NANA | {"id": "n", "price_cents": 999}, "line 2: stock: is missing"),
        (NANA | {"id": "n", "stock": True}, "line 2: price_cents: is missing"),
        (NANA | {"id": "n", "stock": "1-x", "price_cents": 1}, "'1-x' is no volume"),
        (NANA | {"id": "n", "stock": [1], "price_cents": -1}, "line 2: price_cents: "),
        ({"id": "n", "title": "N", "stock": True, "price_cents": 1}, "line 2: stock: says all"),
    ],
)
def test_a_bad_row_is_left_out_and_named(tmp_path: Path, row: object, told: str) -> None:
    feed = read_feed(written(tmp_path, NANA, row, NANA | {"id": "last"}), TODAY)
    assert list(feed.series) == ["nana", "last"]
    assert [told in str(bad) for bad in feed.bad] == [True]


def test_stock_of_a_row_becomes_one_row_a_volume(tmp_path: Path) -> None:
    given = {"price_cents": 999, "stock": "1-3", "out_of_stock": [2], "due": {"2": 9}}
    feed = read_feed(written(tmp_path, NANA | given), TODAY)
    assert [(name, one.volume, one.available, one.due_on) for name, one in feed.stock] == [
        ("nana", 1, True, None),
        ("nana", 2, False, date(2026, 11, 30)),
        ("nana", 3, True, None),
    ]


def test_all_volumes_may_be_named_at_once(tmp_path: Path) -> None:
    all_in = NANA | {"price_cents": 999, "stock": True}
    none_in = NANA | {"id": "n", "price_cents": 999, "stock": False}
    feed = read_feed(written(tmp_path, all_in, none_in), TODAY)
    assert sum(one.available for _, one in feed.stock) == 21
    assert len(feed.stock) == 42


def test_the_playbook_s_stock_can_be_read() -> None:
    seed = read_seed(Path(__file__).parents[3] / "playbook" / "seed" / "stock.yaml")
    (akira,) = [one for one in seed.stock if one.series == "akira"]
    copies = list(akira.copies(TODAY))
    assert [copy.volume for copy in copies] == list(range(1, 7))


def test_a_broken_seed_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "stock.yaml"
    file.write_text("stock: [{series: a, price_cents: 1, volumes: 1-b}]")
    with pytest.raises(PlaybookError, match=r"stock\.0\.volumes"):
        read_seed(file)


@pytest.mark.skipif(LARGE is None, reason="the large feed is not on this machine")
def test_a_large_feed_is_good() -> None:
    assert LARGE is not None
    feed = read_feed(LARGE, TODAY)
    assert len(feed.series) == 3200
    assert feed.bad == []

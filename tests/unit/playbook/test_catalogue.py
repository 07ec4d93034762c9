"""The catalogue's file: read as written, and refused with line, field and remedy."""

import json
from pathlib import Path

import pytest

from playbook.catalogue import read_catalogue
from playbook.error import PlaybookError

BERSERK = {"id": "berserk", "title": "Berserk", "volumes": 42, "themes": {"violence": 98}}
MONSTER = {"id": "monster", "title": "Monster", "aliases": ["Monsutā"], "volumes": 18}


def written(folder: Path, *lines: str) -> Path:
    file = folder / "series.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_reads_every_line_in_order(tmp_path: Path) -> None:
    file = written(tmp_path, json.dumps(BERSERK), "", json.dumps(MONSTER), "")
    read = read_catalogue(file)
    assert [one.id for one in read] == ["berserk", "monster"]
    assert read[0].violence == 98
    assert read[1].names == ("Monster", "Monsutā")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["{"], ["line 1", "is no JSON", "correct it"]),
        ([json.dumps(BERSERK), "[]"], ["line 2", "series"]),
        ([json.dumps({"id": "berserk"})], ["line 1: title", "is missing; add it"]),
        ([json.dumps(BERSERK | {"volumes": 0})], ["line 1: volumes", "correct it"]),
        ([json.dumps(BERSERK | {"themes": {"gore": 101}})], ["line 1", "gore"]),
        ([json.dumps(BERSERK), json.dumps(BERSERK)], ["line 2: id", "earlier line"]),
    ],
)
def test_says_where_a_line_is_wrong(tmp_path: Path, lines: list[str], told: list[str]) -> None:
    file = written(tmp_path, *lines)
    with pytest.raises(PlaybookError) as refused:
        read_catalogue(file)
    assert all(part in str(refused.value) for part in ["series.jsonl", *told])


def test_says_that_the_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError, match="cannot be read"):
        read_catalogue(tmp_path / "series.jsonl")


def test_says_that_it_is_not_utf8(tmp_path: Path) -> None:
    file = tmp_path / "series.jsonl"
    file.write_bytes(b'{"id": "\xff"}')
    with pytest.raises(PlaybookError, match="UTF-8"):
        read_catalogue(file)

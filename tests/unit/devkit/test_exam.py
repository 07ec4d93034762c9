"""What an exam is made of: rows that can be marked, and a word on those that cannot."""

import json
from pathlib import Path

import pytest

from devkit.errors import DevkitError
from devkit.exam.behind import behind
from devkit.exam.command import exam, labelled
from devkit.training.corpus import Row
from devkit.training.error import CorpusError

KNOWN = frozenset({"billing", "returns"})


def _file(folder: Path, *lines: str) -> Path:
    file = folder / "turns.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def _line(**changed: object) -> str:
    return json.dumps({"text": "I was charged twice", "label": "billing"} | changed)


def test_every_turn_counts_the_same_one_too(tmp_path: Path) -> None:
    rows = labelled(_file(tmp_path, _line(), "", _line(), _line(label="returns")), KNOWN)
    assert [row.label for row in rows] == ["billing", "billing", "returns"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "no rows"),
        ("{", "line 1: .*JSON"),
        ("[1]", "line 1: .*object"),
        (json.dumps({"txt": "x", "label": "billing"}), "line 1: text"),
        (_line(slots=[1]), "line 1: slots"),
        (_line(label="biling"), "'biling', which is no use case"),
        (_line(acceptable_labels=["retuns"]), "'retuns', which is no use case"),
    ],
)
def test_a_row_that_cannot_be_marked_is_refused(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(CorpusError, match=told):
        labelled(_file(tmp_path, line), KNOWN)


def test_a_playbook_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match=r"shop\.yaml"):
        exam(data=_file(tmp_path, _line()), playbook=tmp_path / "nowhere")


def test_single_turns_are_put_behind_what_others_said_the_same_way_every_time() -> None:
    single = [Row(text=f"turn {number}", label="billing") for number in range(20)]
    others = [Row(text="x", label="returns", history=(f"said {n}",)) for n in range(3)]
    rows = [*single, Row(text="leans", label="billing", history=("own",))]
    found = behind(rows, [*others, Row(text="bare", label="returns")])
    assert found == behind(rows, others)
    assert [row.text for row in found] == [row.text for row in single]
    assert {row.history for row in found} == {row.history for row in others}
    with pytest.raises(CorpusError, match="one side has none"):
        behind(rows, single)

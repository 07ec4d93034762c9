from pathlib import Path

import pytest
from pydantic import ValidationError
from suites.provider import model

from devkit.simulator.book import Book, End, Entry, billed
from devkit.simulator.cache import Counted
from devkit.simulator.profile import Label


def entry(number: int, **changed: object) -> Entry:
    given = {
        "request_id": f"req_{number}",
        "call": f"call-{number}",
        "model": "haiku-5-5",
        "task": "warm",
        "profile": "lying",
        **billed(model(), Counted(plain=100, read=1000), 10),
        "labels": (Label("promise", "We will."),),
        "arrived_ms": 1000.0 * number,
        **changed,
    }
    return Entry.model_validate(given)


def test_tokens_are_priced_apart() -> None:
    bill = billed(model(), Counted(plain=100, read=1000, written=2000), 10)
    expected = (100 * 1.0 + 1000 * 0.1 + 2000 * 1.25 + 10 * 5.0) / 1_000_000
    assert bill["cost_usd"] == pytest.approx(expected)


def test_an_entry_is_replaced_by_its_end() -> None:
    book = Book()
    book.write(entry(1))
    book.write(entry(2))
    book.write(entry(1, end=End.COMPLETE))
    assert [(one.request_id, one.complete) for one in book.entries()] == [
        ("req_1", True),
        ("req_2", False),
    ]
    assert [one.request_id for one in book.entries(since_ms=1500)] == ["req_2"]


def test_a_restart_loses_nothing(tmp_path: Path) -> None:
    file = tmp_path / "book.jsonl"
    first = Book(file)
    first.write(entry(1, end=End.COMPLETE))
    first.write(entry(2))
    again = Book(file)
    assert again.entries()[0] == first.entries()[0]
    assert again.entries()[1].end is End.KILLED
    again.clear()
    assert Book(file).entries() == []


def test_a_line_that_was_cut_off_by_a_kill_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "book.jsonl"
    Book(file).write(entry(1, end=End.COMPLETE))
    with file.open("a") as out:
        out.write('{"request_id": "req_2", "ca')
    book = Book(file)
    assert [one.request_id for one in book.entries()] == ["req_1"]
    book.write(entry(3, end=End.COMPLETE))
    assert [one.request_id for one in Book(file).entries()] == ["req_1", "req_3"]


def test_a_broken_book_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "book.jsonl"
    file.write_text("nonsense\n" + entry(1).model_dump_json() + "\n")
    with pytest.raises(ValidationError):
        Book(file)

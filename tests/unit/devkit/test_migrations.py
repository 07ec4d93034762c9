import hashlib
from pathlib import Path

import pytest

from devkit.errors import DevkitError
from devkit.stack.migrations import Migration, pending, read_migrations

FIRST = Migration(1, "0001_first.sql", "SELECT 1")
SECOND = Migration(2, "0002_second.sql", "SELECT 2")
THIRD = Migration(3, "0003_third.sql", "SELECT 3")


def test_files_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("0010_later.sql", "0002_earlier.sql"):
        (tmp_path / name).write_text(name)
    (tmp_path / "notes.md").write_text("not a migration")
    assert [one.number for one in read_migrations(tmp_path)] == [2, 10]


@pytest.mark.parametrize("name", ["1_short.sql", "0001-hyphen.sql", "first.sql", "0001_Upper.sql"])
def test_a_badly_named_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("SELECT 1")
    with pytest.raises(DevkitError, match="is not named like"):
        read_migrations(tmp_path)


def test_two_files_of_one_number_are_refused(tmp_path: Path) -> None:
    for name in ("0001_one.sql", "0001_other.sql"):
        (tmp_path / name).write_text("SELECT 1")
    with pytest.raises(DevkitError, match="same number"):
        read_migrations(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match="no folder of migrations"):
        read_migrations(tmp_path / "nowhere")


def test_only_what_was_not_applied_is_pending() -> None:
    assert pending([SECOND, FIRST], {}) == (FIRST, SECOND)
    assert pending([FIRST, SECOND], {1: FIRST.sha256}) == (SECOND,)
    assert pending([FIRST], {1: FIRST.sha256}) == ()


def test_a_changed_file_is_refused() -> None:
    with pytest.raises(DevkitError, match=r"0001_first\.sql was changed"):
        pending([FIRST], {1: hashlib.sha256(b"SELECT 0").hexdigest()})


def test_a_lost_file_is_refused() -> None:
    with pytest.raises(DevkitError, match="Migration 0002 is applied, but its file is gone"):
        pending([FIRST], {1: FIRST.sha256, 2: SECOND.sha256})


def test_a_late_file_with_a_low_number_is_refused() -> None:
    with pytest.raises(DevkitError, match=r"0002_second\.sql is numbered below 0003"):
        pending([FIRST, SECOND, THIRD], {1: FIRST.sha256, 3: THIRD.sha256})

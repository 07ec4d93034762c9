import sys
from pathlib import Path

import pytest
import typer

from devkit import cli, parts
from devkit.errors import ENVIRONMENT, DevkitError
from devkit.project import MARK, Project
from devkit.settings import settings


def test_replicas_are_counted() -> None:
    assert cli.parse_replicas(["order=2", "gateway=3"]) == {"order": 2, "gateway": 3}


@pytest.mark.parametrize("given", ["order", "order=", "order=0", "order=-1", "order=two"])
def test_a_malformed_count_is_refused(given: str) -> None:
    with pytest.raises(DevkitError, match="is not like order=2"):
        cli.parse_replicas([given])


def test_an_expected_failure_is_one_message_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("TIERWISE_DEV_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["tierwise", "status"])
    settings.cache_clear()
    with pytest.raises(SystemExit) as ended:
        cli.main()
    settings.cache_clear()
    assert ended.value.code == ENVIRONMENT
    error = capsys.readouterr().err
    assert "is not a Tierwise checkout" in error
    assert "Traceback" not in error


def test_a_checkout_is_found_from_inside_it(tmp_path: Path) -> None:
    (tmp_path / MARK).parent.mkdir(parents=True)
    (tmp_path / MARK).write_text("<project/>")
    inside = tmp_path / "services" / "order"
    inside.mkdir(parents=True)
    assert Project.find(inside).root == tmp_path


def test_a_part_that_this_release_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = parts.Part("absent", "devkit.absent", "Not there.")
    monkeypatch.setattr(parts, "PARTS", (absent,))
    with pytest.raises(DevkitError, match="no `tierwise absent`"):
        parts.attach(typer.Typer(), "absent")


def test_a_part_whose_extra_is_missing_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "needy_part.py").write_text("import no_such_module_at_all\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(parts, "PARTS", (parts.Part("needy", "needy_part", "Needy."),))
    with pytest.raises(DevkitError, match="uv sync --all-groups"):
        parts.attach(typer.Typer(), "needy")


def test_the_parts_that_were_not_asked_for_are_not_imported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "costly_part.py").write_text("raise AssertionError('imported')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(parts, "PARTS", (parts.Part("costly", "costly_part", "Costly."),))
    parts.attach(typer.Typer(), "up")
    assert "costly_part" not in sys.modules

"""Evidence: written without a trace of the machine, rendered into pages, and checked there."""

import json
import platform
import subprocess
from pathlib import Path
from typing import Any

import pytest

from devkit import evidence
from devkit.errors import DevkitError
from devkit.evidence import machine, pages, writing
from devkit.evidence.told import Untold, table, told
from devkit.project import MARK, Project

FIGURES: dict[str, Any] = {
    "right": 0.9324,
    "between": [0.912, 0.951],
    "turns": 1204,
    "table": {
        "columns": ["router", {"title": "right", "format": "%"}, {"title": "cost", "format": "$"}],
        "rows": [["ours", 0.9324, 0.0082], ["a | b", None, 0.05]],
    },
}
TABLE = """
| router | right | cost |
|---|---:|---:|
| ours | 93.2 % | $0.0082 |
| a \\| b | – | $0.0500 |
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / MARK).parent.mkdir(parents=True)
    (tmp_path / MARK).write_text("<project/>")
    (tmp_path / "docs").mkdir()
    return Project(tmp_path)


def written(project: Project, **changed: Any) -> Path:
    given: dict[str, Any] = {"data": {"a.jsonl": "0" * 64}, "seed": 7, "command": ["tierwise", "x"]}
    return evidence.write("run", FIGURES, project=project, **(given | changed))


def page(project: Project, text: str) -> Path:
    file = project.root / "README.md"
    file.write_text(text, encoding="utf-8")
    return file


def test_what_is_written_is_read_again(project: Project) -> None:
    file = written(project)
    record = evidence.read("run", project.docs)
    assert file == project.docs / "evidence" / "run.json"
    assert record.figures == FIGURES
    assert record.data == {"a.jsonl": "0" * 64}
    assert (record.seed, record.command, record.commit) == (7, "tierwise x", None)
    assert record.cpu.cores >= 1
    assert {"python", "numpy"} <= record.versions.keys()


def test_the_same_figures_make_the_same_bytes(project: Project) -> None:
    assert written(project).read_bytes() == written(project).read_bytes()


def test_rows_of_a_table_stand_on_a_line_each(project: Project) -> None:
    assert '\n        ["ours", 0.9324, 0.0082],\n' in written(project).read_text()


def test_a_commit_and_its_changes_are_recorded(project: Project) -> None:
    def git(*words: str) -> None:
        author = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", "-C", str(project.root), *author, *words], check=True)

    file = page(project, "one")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    clean = machine.commit(project.root)
    file.write_text("two")
    changed = machine.commit(project.root)
    assert clean is not None
    assert changed is not None
    assert (clean.dirty, changed.dirty) == (False, True)
    assert clean.id == changed.id


def test_paths_inside_the_checkout_are_told_from_its_root(project: Project) -> None:
    inside = str(project.root / "playbook" / "x.jsonl")
    written(
        project,
        data={inside: "1" * 64},
        command=["/usr/bin/tierwise", "router", "--file", inside, "/elsewhere/own/b.jsonl"],
    )
    record = evidence.read("run", project.docs)
    assert record.data == {"playbook/x.jsonl": "1" * 64}
    assert record.command == "tierwise router --file playbook/x.jsonl b.jsonl"


@pytest.mark.parametrize("told", ["/home/me/model", "see /opt/data/x.bin", "C:\\Users\\me\\x"])
def test_a_path_of_the_machine_is_refused(project: Project, told: str) -> None:
    with pytest.raises(DevkitError, match=r"figures\.model has the path"):
        evidence.write("run", {"model": told}, data={}, seed=1, project=project, command=["x"])
    assert not (project.docs / "evidence").exists()


def test_shares_and_labels_are_no_paths(project: Project) -> None:
    given = {"a/b": "returns/wrong_volume/1", "share": "3 / 4", "by": "and/or"}
    assert evidence.write("run", given, data={}, seed=1, project=project, command=["x"]).exists()


def test_the_name_of_the_machine_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "node", lambda: "build-17")
    with pytest.raises(DevkitError, match="names this machine"):
        evidence.write("run", {"on": "build-17"}, data={}, seed=1, project=project, command=["x"])


def test_a_figure_that_is_no_number_is_refused(project: Project) -> None:
    with pytest.raises(DevkitError, match="no number"):
        evidence.write("run", {"a": float("nan")}, data={}, seed=1, project=project, command=["x"])


def test_a_module_run_by_python_is_named_after_its_package() -> None:
    assert writing._line(["/x/devkit/__main__.py", "a b"], Path("/x")) == "devkit 'a b'"


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.9324, "%", "93.2 %"),
        (0.9324, "%0", "93 %"),
        (0.00823, "$", "$0.0082"),
        (-0.5, "$2", "-$0.50"),
        (1204, ",", "1,204"),
        (0.12345, ".3f", "0.123"),
        ([0.1, 0.2], "%0", "10 % to 20 %"),
        (None, "%", "–"),
        ("text", "%", "text"),
        (12, "", "12"),
    ],
)
def test_values_are_told_in_a_format(value: Any, form: str, text: str) -> None:
    assert told(value, form) == text


@pytest.mark.parametrize("value", [{"a": 1}, [1, 2, 3]])
def test_what_is_no_value_is_not_told(value: Any) -> None:
    with pytest.raises(Untold):
        told(value)


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(Untold, match="Formats"):
        told(0.5, "%much")


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(Untold, match="as long as its columns"):
        table({"columns": ["a", "b"], "rows": [["x"]]})


def test_blocks_are_rendered_and_then_agree(project: Project) -> None:
    written(project)
    file = page(
        project,
        "We are <!-- figure:run.right|% -->?<!-- /figure --> right, on "
        "<!-- figure:run.turns|, --><!-- /figure --> turns.\n\n"
        "<!-- evidence:run -->\nold\n<!-- /evidence -->\nend\n",
    )
    assert pages.render(project) == ["README.md"]
    told = file.read_text(encoding="utf-8")
    assert "<!-- figure:run.right|% -->93.2 %<!-- /figure --> right" in told
    assert "<!-- figure:run.turns|, -->1,204<!-- /figure -->" in told
    assert f"<!-- evidence:run -->{TABLE}<!-- /evidence -->\nend\n" in told
    assert pages.check(project) == (3, [])
    assert pages.render(project) == []


def test_a_planted_wrong_figure_is_found_with_its_line(project: Project) -> None:
    written(project)
    page(project, "# Title\n\nAbout <!-- figure:run.right|% -->94.2 %<!-- /figure --> right.\n")
    count, problems = pages.check(project)
    assert count == 1
    assert [str(one) for one in problems] == [
        "README.md:3: run.right|%: found '94.2 %', measured is '93.2 %'"
    ]


def test_a_planted_wrong_cell_is_found_with_its_line(project: Project) -> None:
    written(project)
    wrong = TABLE.replace("$0.0082", "$0.0072")
    page(project, f"x\n<!-- evidence:run.table -->{wrong}<!-- /evidence -->\n")
    _, problems = pages.check(project)
    assert [(one.page, one.line) for one in problems] == [("README.md", 5)]
    assert "found '| ours | 93.2 % | $0.0072 |'" in problems[0].message
    assert "measured is '| ours | 93.2 % | $0.0082 |'" in problems[0].message


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<!-- figure:gone.right -->1<!-- /figure -->", "docs/evidence/gone.json is missing"),
        ("<!-- figure:run.wrong -->1<!-- /figure -->", "no 'wrong'; known are right, between"),
        ("<!-- figure:run.right.x -->1<!-- /figure -->", "it is a single value"),
        ("<!-- figure:run.right -->1", "is not closed: add <!-- /figure -->"),
        ("<!-- evidence:run -->\n<!-- figure:run.right -->1<!-- /figure -->", "is not closed"),
        ("1<!-- /figure -->", "closes nothing"),
        ("<!-- evidence:run -->x<!-- /figure -->", "closes nothing"),
        ("<!-- evidence:run.right -->x<!-- /evidence -->", "is no table"),
        ("<!-- figure:run.table -->x<!-- /figure -->", "name one value in it"),
    ],
)
def test_a_broken_block_says_what_to_do(project: Project, text: str, problem: str) -> None:
    written(project)
    page(project, f"\n{text}\n")
    _, problems = pages.check(project)
    assert len(problems) == 1
    assert problems[0].line == 2
    assert problem in problems[0].message
    with pytest.raises(DevkitError):
        pages.render(project)


def test_code_is_left_alone(project: Project) -> None:
    text = "`<!-- figure:a.b -->`\n\n```\n<!-- evidence:gone -->\n```\n"
    file = page(project, text)
    assert pages.check(project) == (0, [])
    assert pages.render(project) == []
    assert file.read_text() == text


def test_a_damaged_file_is_told(project: Project) -> None:
    written(project).write_text(json.dumps({"name": "run"}))
    with pytest.raises(DevkitError, match=r"docs/evidence/run\.json: commit: Field required"):
        evidence.read("run", project.docs)


def test_the_pages_of_this_checkout_agree_with_their_evidence() -> None:
    _, problems = pages.check(Project.find(Path(__file__)))
    assert problems == []

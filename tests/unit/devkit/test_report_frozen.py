"""The frozen control, on vectors that are made up; the picture; the command."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from suites.contenders import CASES, MENU, SAMPLE, Scripted, conversations, decision, tallies, turn
from suites.posteriors import limits, posterior
from suites.reference_shop import PLAYBOOK, shop
from typer.testing import CliRunner

from devkit.errors import DevkitError
from devkit.report import command, making
from devkit.report.bootstrap import compare
from devkit.report.frozen import Frozen, Vectors
from devkit.report.menu import Menu
from devkit.report.opening import Learnt
from devkit.report.picture import draw
from devkit.report.verdict import Kind
from devkit.route.recall import Recall
from devkit.route.router import Router
from devkit.training import fitting
from devkit.training.corpus import Row
from devkit.training.rows import Rows

WIDTH = 8
NAMES = list(CASES)


def encode(texts: Sequence[str]) -> Vectors:
    """`faq 12` lies near the first axis, `book 3` near the third, and so on; the rest nowhere."""
    rows = []
    for text in texts:
        name, _, number = text.partition(" ")
        row = np.random.default_rng(int(number)).normal(0, 0.1, WIDTH)
        row[NAMES.index(name) if name in NAMES else WIDTH - 1] += 1.0
        rows.append(row / np.linalg.norm(row))
    return np.array(rows, dtype=np.float32)


@pytest.fixture(scope="module")
def frozen() -> Frozen:
    rows = [
        Row(text=f"{name} {at}", label=name, family=f"{name}/{at // 2}")
        for name in NAMES
        for at in range(150)
    ]
    background = tuple(f"elsewhere {at}" for at in range(150))
    given = Rows.of(rows, "out_of_scope", background)
    return Frozen.fit(MENU, given, encode, fitting.Policy())


@pytest.mark.parametrize("name", ["faq", "order", "book", "choose"])
def test_the_frozen_control_answers_what_it_knows(frozen: Frozen, name: str) -> None:
    assert frozen(f"{name} 9001", decision("faq")) == MENU.answering(name)


def test_the_frozen_control_refuses_the_background(frozen: Frozen) -> None:
    assert frozen("elsewhere 9001", decision("faq")).kind is Kind.REFUSED


def test_the_frozen_control_doubts_what_lies_between(frozen: Frozen) -> None:
    vectors = encode(["faq 9002", "order 9002", "book 9002", "choose 9002"])
    between = vectors.sum(axis=0)
    mixed = Frozen(
        MENU,
        frozen._labels,
        frozen._regression,
        frozen._thresholds,
        lambda _: np.array([between / np.linalg.norm(between)], dtype=np.float32),
    )
    assert mixed("all of it", decision("faq")) == MENU.doubtful()


def test_too_few_examples_leave_a_label_to_the_rules() -> None:
    rows = [
        Row(text=f"{name} {at}", label=name, family=f"{name}/{at}")
        for name in NAMES
        for at in range(12)
    ]
    small = Frozen.fit(MENU, Rows.of(rows, "out_of_scope"), encode, fitting.Policy())
    assert small("faq 9001", decision("faq")) == MENU.doubtful()
    assert "faq" not in small.answers


def test_the_picture_is_the_same_every_time(tmp_path: Path) -> None:
    given = conversations((turn("faq", text="a"),), (turn("book", text="b"),))
    verdicts = {"a": MENU.answering("faq"), "b": MENU.answering("faq")}
    found = compare(tallies(Scripted(verdicts), given), 200, 7)
    one, other = tmp_path / "new" / "one.png", tmp_path / "other.png"
    draw(found, one)
    draw(found, other)
    assert one.read_bytes().startswith(b"\x89PNG")
    assert one.read_bytes() == other.read_bytes()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference shop with a made-up model, and a frozen control that is never sure."""

    @contextmanager
    def doubting(_: Path, menu: Menu) -> Iterator[Learnt]:
        yield Learnt(lambda text, made: menu.doubtful(), ("faq_policy",))

    router = Router(shop(), lambda _: posterior(faq_policy=0.9), limits(), Recall(shop(), ()))
    monkeypatch.setattr(Router, "open", lambda *_: router)
    monkeypatch.setattr(making, "frozen_control", doubting)


@pytest.mark.usefixtures("opened")
def test_the_command_prints_a_table_with_what_is_assumed() -> None:
    given = ["report", "--conversations", str(SAMPLE), "--draws", "200"]
    told = CliRunner().invoke(command.app, given).stdout
    for wanted in (
        "6 conversations, 10 turns",
        "oracle",
        "frozen control",
        "Assumed:",
        "250 times",
    ):
        assert wanted in told


@pytest.mark.usefixtures("opened")
def test_the_command_prints_json_that_is_the_same_twice() -> None:
    given = ["report", "--conversations", str(SAMPLE), "--draws", "200", "--json"]
    first, second = (CliRunner().invoke(command.app, given).stdout for _ in range(2))
    found = json.loads(first)
    assert first == second
    assert len(found["routers"]) == 8
    assert found["routers"]["always_big"]["large"]["value"] == 1.0
    assert found["big_model"]["story_per_s"] == 250.0
    assert len(found["table"]["rows"]) == 8
    assert found["turns"] == 10
    assert found["frozen_answers"] == ["faq_policy"]


def test_evidence_without_the_frozen_control_is_refused_at_once() -> None:
    with pytest.raises(DevkitError, match="leave --no-frozen out"):
        command._check_packages(frozen=False, keep=True)


def test_a_missing_file_of_conversations_is_told(tmp_path: Path) -> None:
    job = making.Job(PLAYBOOK, tmp_path / "none.jsonl")
    with pytest.raises(DevkitError, match="cannot be read"):
        making.report_of(job, lambda _: None)

"""The evaluation of a model: hand-worked figures, odd data, plots, the command."""

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from classifier.manifest import Threshold
from classifier.model import Posterior
from devkit.classifier import app
from devkit.errors import DevkitError
from devkit.evaluation import command
from devkit.evaluation.bins import calibration
from devkit.evaluation.data import Data, read
from devkit.evaluation.figures import report
from devkit.evaluation.judged import Judgement, Verdict, judge
from devkit.evaluation.plots import PLOTS, draw
from devkit.evaluation.ranking import auroc, risk
from devkit.evaluation.report import Report
from devkit.evaluation.share import Share, wilson
from devkit.evaluation.table import tables
from devkit.training.corpus import Row

OUT = "other"


def least(value: float | None) -> Threshold:
    return Threshold(least=value, error_target=0.05, answered=100, bound=0.96, why="fitted")


@dataclass(frozen=True)
class Shop:
    """A manifest's part that judging needs: two use cases and what is out of scope."""

    version: str = "stub-1"
    labels: tuple[str, ...] = ("bill", OUT, "track")
    out_of_scope: str = OUT
    thresholds: Mapping[str, Threshold] = field(
        default_factory=lambda: {"bill": least(0.8), "track": least(None), OUT: least(0.7)}
    )
    out_of_scope_share: float = 0.5


def posterior(best: str, top: float, score: float, out: float, outside: str = OUT) -> Posterior:
    """`top` for the best label, the rest for the next: known ones first in the alphabet."""
    others = [name for name in ("bill", "track", outside) if name != best]
    return Posterior(
        probabilities=((best, top), (others[0], 1 - top), (others[1], 0.0)),
        entropy_bits=0.0,
        score=score,
        rival=1 - score - out,
        out_of_scope=out,
        outside=outside,
    )


class Stub:
    """Knows the answers, and which texts it was asked."""

    def __init__(self, known: Mapping[str, Posterior]) -> None:
        self.known = known
        self.asked: list[str] = []

    def posterior(self, text: str) -> Posterior:
        self.asked.append(text)
        return self.known[text]


# Text: label, acceptable labels, must-not labels; the model's best label, its probability, the
# final score, out of scope.
CASES: dict[str, tuple[Row, Posterior]] = {
    text: (
        Row(text=text, label=label, acceptable_labels=accepted, must_not=forbidden),
        posterior(*found),
    )
    for text, label, accepted, forbidden, found in [
        ("b1", "bill", (), (), ("bill", 0.99, 0.95, 0.03)),  # answered, right
        ("b2", "bill", (), ("track",), ("bill", 0.97, 0.85, 0.1)),  # answered, right
        ("b3", "bill", (), ("track",), ("track", 0.96, 0.6, 0.1)),  # unsure, best is forbidden
        ("t1", "track", ("bill",), (), ("bill", 0.9, 0.82, 0.1)),  # answered, accepted
        ("t2", "track", (), (), ("track", 0.95, 0.9, 0.05)),  # no threshold: unsure
        ("t3", "track", (), (), (OUT, 0.8, 0.1, 0.8)),  # in scope, refused
        ("o1", OUT, (), ("bill",), ("bill", 0.98, 0.88, 0.12)),  # answered: forbidden and wrong
        ("o2", OUT, (), (), (OUT, 0.99, 0.05, 0.9)),  # refused
        ("o3", OUT, (), (), (OUT, 0.7, 0.3, 0.65)),  # unsure
        ("x1", "gift", (), (), ("bill", 0.6, 0.4, 0.2)),  # a label the model does not know
    ]
}


def data_of(*rows: Row) -> Data:
    return Data(rows, tuple(range(1, len(rows) + 1)), "0" * 64)


def judged(*rows: Row) -> Judgement:
    stub = Stub({text: found for text, (_, found) in CASES.items()})
    return judge(data_of(*rows), stub, Shop())


ROWS = tuple(row for row, _ in CASES.values())


@pytest.fixture(scope="module")
def whole() -> Report:
    return report(judged(*ROWS), data_of(*ROWS))


def test_wilson_s_interval_of_textbook_cases() -> None:
    # 81 of 263 is a published example (Newcombe 1998, Statistics in Medicine 17: 857-872).
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    # With none of n, and all of n: z²/(n + z²) = 3.8415/23.8415 on the open side.
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(20, 20) == pytest.approx((0.8389, 1.0), abs=5e-5)
    assert wilson(0, 20)[0] == 0.0
    assert wilson(20, 20)[1] == 1.0
    assert Share.of_turns(0, 0).value is None


def test_what_the_thresholds_make_of_each_row() -> None:
    found = {one.row.text: one.verdict for one in judged(*ROWS).rows}
    answered = {text for text, one in found.items() if one is Verdict.ANSWERED}
    assert answered == {"b1", "b2", "t1", "o1"}
    assert {text for text, one in found.items() if one is Verdict.REFUSED} == {"t3", "o2"}


def test_a_score_at_the_threshold_is_answered() -> None:
    stub = Stub({"x": posterior("bill", 0.9, 0.8, 0.1)})
    rows = judge(data_of(Row(text="x", label="bill")), stub, Shop()).rows
    assert rows[0].verdict is Verdict.ANSWERED


def test_accuracy_strict_and_accepted(whole: Report) -> None:
    # Strict: b1, b2, t2, o2, o3. Accepted: t1 besides.
    assert (whole.accuracy.strict.count, whole.accuracy.strict.of) == (5, 10)
    assert whole.accuracy.accepted.count == 6


def test_must_not_hits_are_named_by_their_lines(whole: Report) -> None:
    assert whole.must_not.lines == (3, 7)
    assert (whole.must_not.hits.count, whole.must_not.hits.of) == (2, 3)


def test_an_answer_is_a_hit_though_another_label_is_best() -> None:
    stub = Stub({"x": posterior(OUT, 0.6, 0.85, 0.1)})  # next: bill, answered by its score
    row = Row(text="x", label=OUT, must_not=("bill",))
    assert report(judge(data_of(row), stub, Shop()), data_of(row)).must_not.lines == (1,)


def test_figures_of_labels(whole: Report) -> None:
    bill, gift = whole.labels["bill"], whole.labels["gift"]
    assert bill.support == 3
    assert (bill.precision.count, bill.precision.of) == (2, 5)  # best of b1 b2 t1 o1 x1
    assert (bill.recall.count, bill.recall.of) == (2, 3)
    assert bill.f1 == pytest.approx(2 * 2 / (3 + 5))
    assert (bill.threshold, bill.answered, bill.right.count) == (0.8, 4, 3)
    assert (gift.support, gift.f1, gift.threshold, gift.answered) == (1, 0.0, None, 0)
    assert (whole.labels[OUT].answered, whole.labels[OUT].right.count) == (2, 1)
    # bill 4/8; other 2*2/(3+3); track 2*1/(3+2); gift 0
    assert whole.macro_f1 == pytest.approx((0.5 + 2 / 3 + 0.4 + 0.0) / 4)
    assert whole.confusions[0].model_dump() == {"label": "bill", "best": "track", "rows": 1}
    assert len(whole.confusions) == 4  # b3, t3, o1, x1; t1 accepts what it got


def test_out_of_scope(whole: Report) -> None:
    out = whole.out_of_scope
    # Out of scope at 0.12, 0.9, 0.65 against 0.03 0.1 0.1 0.1 0.05 0.8 0.2: 5 + 7 + 6 of 21 pairs.
    assert out.auroc.value == pytest.approx(18 / 21)
    # Scores 0.88, 0.05, 0.3 below 0.95 0.85 0.6 0.82 0.9 0.1 0.4: 2 + 7 + 6 of 21.
    assert out.auroc_by_score.value == pytest.approx(15 / 21)
    assert (out.recall.count, out.recall.of) == (2, 3)
    assert (out.refused.count, out.answered.count) == (1, 1)
    assert (out.in_scope_refused.count, out.in_scope_refused.of) == (1, 7)


def test_coverage_at_precision(whole: Report) -> None:
    # By score: b1 right, t2 right, o1 wrong, b2 right, t1 right (4/5), b3 wrong, x1 wrong ...
    final = {key: share.count for key, share in whole.coverage_at_precision.final_score.items()}
    assert final == {"0.80": 5, "0.90": 2, "0.95": 2}
    # By softmax: b1 right, o1 wrong, b2 right, b3 wrong, t2 right, t1 right, x1 wrong; last those
    # it calls out of scope, as their best known label has what is left.
    soft = {key: share.count for key, share in whole.coverage_at_precision.softmax.items()}
    assert soft == {"0.80": 1, "0.90": 1, "0.95": 1}
    assert all(one.of == 10 for one in whole.coverage_at_precision.final_score.values())


def test_at_the_fitted_thresholds(whole: Report) -> None:
    at = whole.at_thresholds
    assert (at.coverage.count, at.coverage.of) == (4, 10)
    assert (at.precision.count, at.precision.of) == (3, 4)
    assert (at.wrong.count, at.refused.count, at.unsure.count) == (1, 2, 4)
    # Half out of scope: 3 rows weigh as much as 7, 7/3 each; right 3 of 3 + 7/3.
    assert at.precision_at_assumed_share == pytest.approx(3 / (3 + 7 / 3))


def test_calibration_by_hand() -> None:
    score, right = np.array([0.1, 0.3, 0.9, 1.0]), np.array([False, True, True, True])
    found = calibration(score, right, bins=2)
    assert [one.rows for one in found.bins] == [2, 2]
    assert found.ece == pytest.approx((2 * abs(0.2 - 0.5) + 2 * abs(0.95 - 1.0)) / 4)


def test_risk_answers_ties_together() -> None:
    score, right = np.array([0.9, 0.5, 0.5, 0.2]), np.array([True, False, True, True])
    covered, wrong = risk(score, right)
    assert covered.tolist() == [0.25, 0.75, 1.0]
    assert wrong.tolist() == pytest.approx([0.0, 1 / 3, 1 / 4])


def test_labels_that_one_side_does_not_know_are_named(whole: Report) -> None:
    assert whole.data.unknown_labels == {"gift": 1}
    assert any("gift (1)" in note and "--out-of-scope" in note for note in whole.notes)
    rows = (CASES["b1"][0], CASES["b2"][0])
    alone = report(judged(*rows), data_of(*rows))
    assert alone.data.absent_labels == (OUT, "track")


def test_one_kind_of_row_gives_no_auroc_but_a_reason() -> None:
    rows = (CASES["b1"][0], CASES["t2"][0])
    inside = report(judged(*rows), data_of(*rows))
    assert inside.out_of_scope.auroc.value is None
    assert inside.out_of_scope.auroc.why == "no row is out of scope"
    assert inside.out_of_scope.recall.value is None
    assert inside.at_thresholds.precision_at_assumed_share is None
    assert any("--background" in note for note in inside.notes)
    assert auroc(np.ones(2), np.ones(2, dtype=np.bool_)).why == "every row is out of scope"


def test_nothing_answered_gives_no_precision() -> None:
    rows = (CASES["o2"][0], CASES["t3"][0])
    found = report(judged(*rows), data_of(*rows))
    assert found.at_thresholds.precision.value is None
    assert found.coverage_at_precision.softmax["0.95"].value == 0.0
    assert list(tables(found))


def test_history_long_and_unknown_forbidden_are_told() -> None:
    rows = (
        Row(text="b1", label="bill", history=("hi",), must_not=("theft",)),
        Row(text="x" * 100_000, label="bill"),
    )
    stub = Stub({row.text: CASES["b1"][1] for row in rows})
    notes = " ".join(report(judge(data_of(*rows), stub, Shop()), data_of(*rows)).notes)
    assert "1 rows have a history: the model sees the text alone" in notes
    assert "1 texts are over 4000 characters" in notes
    assert "theft (1): must_not labels" in notes


def test_latency_is_of_every_row_after_a_warm_up() -> None:
    stub = Stub({text: found for text, (_, found) in CASES.items()})
    found = judge(data_of(*ROWS), stub, Shop())
    assert stub.asked == [row.text for row in ROWS] * 2
    latency = report(found, data_of(*ROWS)).latency
    assert 0 < latency.p50_ms <= latency.p99_ms
    total = sum(one.milliseconds for one in found.rows)
    assert latency.turns_per_second == pytest.approx(1000 * 10 / total)


def lines(path: Path, *rows: object) -> Path:
    texts = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_every_line_counts_and_keeps_its_number(tmp_path: Path) -> None:
    row = {"text": "hi\u2028there", "label": "a", "license": "CC0"}
    found = read(lines(tmp_path / "t.jsonl", row, "", row, {"text": "Hi", "label": "b"}))
    assert found.numbers == (1, 3, 4)
    assert [one.text for one in found.rows] == ["hi\u2028there", "hi\u2028there", "Hi"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("not json", r"t.jsonl, line 2: no JSON \(Expecting value at character 1\)"),
        ({"label": "a"}, "line 2: text: Field required"),
        ({"text": "x"}, "line 2: label: Field required"),
        ({"text": "", "label": "a"}, "line 2: text: String should have at least 1"),
        ([1], "line 2: .*an object like"),
        ('{"text": "\\ud83d", "label": "a"}', "line 2: no JSON that is text .half of a surrogate"),
        ("[" * 50_000 + "]" * 50_000, "line 2: .*nested too deeply"),
        ({"text": "x", "label": "a", "must_not": "b"}, "line 2: must_not.*Correct the line"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: object, complaint: str) -> None:
    file = lines(tmp_path / "t.jsonl", {"text": "x", "label": "a"}, line)
    with pytest.raises(DevkitError, match=complaint):
        read(file)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe\x00"])
def test_a_file_without_rows_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.jsonl").write_bytes(content)
    with pytest.raises(DevkitError, match=r"has no rows|cannot be read"):
        read(tmp_path / "t.jsonl")


def test_background_texts_are_out_of_scope_and_left_out_where_known(tmp_path: Path) -> None:
    data = read(lines(tmp_path / "t.jsonl", {"text": "mine", "label": "a"}))
    file = lines(tmp_path / "b.jsonl", {"text": "MINE "}, {"text": "rain?", "label": "weather"})
    found = data.with_background(file, OUT)
    assert [(row.text, row.label) for row in found.rows] == [("mine", "a"), ("rain?", OUT)]
    assert (found.numbers, found.background, found.repeated) == ((1, 2), 1, 1)


def test_another_name_for_out_of_scope(tmp_path: Path) -> None:
    row = {"text": "x", "label": "oos", "acceptable_labels": ["a"], "must_not": ["b"]}
    file = lines(tmp_path / "t.jsonl", row, {"text": "y", "label": "a", "must_not": ["oos"]})
    found = command.named(read(file), Shop(), None, "oos")
    assert found.rows[0].accepts == {OUT, "a"}
    assert found.rows[1].must_not == (OUT,)
    with pytest.raises(DevkitError, match=r"No row has the label 'none'.*a, oos"):
        command.named(read(file), Shop(), None, "none")


def test_plots_are_drawn_without_a_display(tmp_path: Path, whole: Report) -> None:
    for rows in (ROWS, ROWS[:1], (CASES["o2"][0],)):
        found = judged(*rows)
        names = draw(found, report(found, data_of(*rows)), tmp_path / "plots")
        assert set(names) == set(PLOTS)
        for name in names:
            head = (tmp_path / "plots" / name).read_bytes()[:24]
            assert head[:8] == b"\x89PNG\r\n\x1a\n"
            assert min(struct.unpack(">II", head[16:24])) > 300


def test_a_folder_of_plots_that_cannot_be_is_told_before_a_model_is_loaded(tmp_path: Path) -> None:
    file = lines(tmp_path / "t.jsonl", {"text": "x", "label": "a"})
    with pytest.raises(DevkitError, match=r"--plots: .*t\.jsonl cannot be made"):
        command.evaluate(tmp_path, file, plots=file)


def test_json_is_all_that_goes_to_standard_output(
    capsys: pytest.CaptureFixture[str], whole: Report
) -> None:
    command.show(whole, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert list(told)[:4] == ["model", "data", "accuracy", "must_not"]
    assert told["coverage_at_precision"]["final_score"]["0.95"]["count"] == 2
    assert Report.model_validate_json(json.dumps(told)).macro_f1 == pytest.approx(
        whole.macro_f1, abs=1e-6
    )


def test_the_keys_are_documented(whole: Report) -> None:
    text = (Path(__file__).parents[3] / "docs" / "classifier.md").read_text()

    def keys(value: object) -> set[str]:
        if not isinstance(value, dict):
            return set()
        return {str(key) for key in value}.union(*map(keys, value.values()))

    names = keys(whole.model_dump(exclude={"labels": True, "data": {"unknown_labels"}}))
    missing = sorted(name for name in names if f"`{name}`" not in text and name[:2] != "0.")
    assert not missing


def test_tables_show_intervals_and_unknown_labels(whole: Report) -> None:
    console = Console(width=80, file=StringIO())
    for table in tables(whole):
        console.print(table)
    assert isinstance(console.file, StringIO)
    text = console.file.getvalue()
    assert "50.0 % (23.7–76.3) 5/10" in text
    assert "unknown" in text
    assert "rules" in text


def test_labels_may_look_like_markup_or_formulas(tmp_path: Path) -> None:
    odd = CASES["o2"][0].model_copy(update={"label": "[/b] $\\frac$"})
    found = judged(odd)
    whole = report(found, data_of(odd))
    console = Console(width=120, file=StringIO())
    for table in tables(whole):
        console.print(table)
    assert isinstance(console.file, StringIO)
    assert "[/b] $\\frac$" in console.file.getvalue()
    assert set(draw(found, whole, tmp_path)) == set(PLOTS)


def test_ten_thousand_rows_are_judged_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    rows = tuple(Row(text=str(number), label="bill") for number in range(10_000))
    stub = Stub({row.text: CASES["b1"][1] for row in rows})
    found = command.watched(data_of(*rows), stub, Shop())
    assert [one.number for one in found.rows] == list(range(1, 10_001))
    assert capsys.readouterr().out == ""
    assert math.isclose(report(found, data_of(*rows)).calibration.ece, 0.05, abs_tol=1e-9)


def test_the_command_names_a_missing_model(tmp_path: Path) -> None:
    file = lines(tmp_path / "t.jsonl", {"text": "x", "label": "a"})
    call = ["evaluate", "--model", str(tmp_path), "--data", str(file), "--json"]
    result = CliRunner().invoke(app, call)
    assert isinstance(result.exception, DevkitError)
    assert "model.json is missing" in str(result.exception)
    assert result.stdout == ""


class Loaded(Stub):
    """A stub in place of a loaded model."""

    manifest = Shop()

    @classmethod
    def load(cls, folder: Path) -> "Loaded":
        assert folder.name == "model"
        return cls({text: found for text, (_, found) in CASES.items()})


def test_the_whole_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "Model", Loaded)
    wanted = {"text", "label", "acceptable_labels", "must_not"}
    known = [row.model_dump(include=wanted) for row in ROWS if row.label != OUT]
    data = lines(tmp_path / "t.jsonl", *known, {"text": "o1", "label": "oos"})
    call = ["evaluate", "--model", str(tmp_path / "model"), "--data", str(data), "--json"]
    call += ["--background", str(lines(tmp_path / "b.jsonl", {"text": "o2"}, {"text": "o3"}))]
    call += ["--out-of-scope", "oos", "--plots", str(tmp_path / "new" / "plots")]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["data"]["rows"], told["data"]["out_of_scope_rows"]) == (10, 3)
    assert told["accuracy"]["accepted"]["count"] == 6
    assert told["out_of_scope"]["auroc"]["value"] == pytest.approx(18 / 21, abs=1e-6)
    assert sorted(told["plots"]) == sorted(one.name for one in (tmp_path / "new/plots").iterdir())

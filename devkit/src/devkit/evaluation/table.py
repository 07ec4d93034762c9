"""The report as tables for a person."""

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from devkit.evaluation.report import Auroc, Report
from devkit.evaluation.share import Share


def tables(report: Report) -> Iterator[RenderableType]:
    """Figures, labels (with the least score answered), confusions, notes."""
    yield _figures(report)
    yield _labels(report)
    if report.confusions:
        yield _confusions(report)
    for note in report.notes:
        yield Text(f"* {note}")


def percent(share: Share) -> str:
    """As "97.0 % (95.1-98.4) 194/200"."""
    if share.value is None or share.low is None or share.high is None:
        return "- (no such turn)"
    interval = f"{100 * share.low:.1f}–{100 * share.high:.1f}"
    return f"{100 * share.value:.1f} % ({interval}) {share.count}/{share.of}"


def _figures(report: Report) -> Table:
    rows = report.data
    title = f"{report.model}: {rows.rows} turns, {rows.out_of_scope_rows} of them out of scope"
    table = Table(title=title, caption="Shares with 95 % intervals (Wilson) and turns.")
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, value in (*_judged(report), *_ranked(report), *_thresholds(report)):
        table.add_row(name, value)
    return table


def _judged(report: Report) -> Iterator[tuple[str, str]]:
    yield "accuracy, strict", percent(report.accuracy.strict)
    yield "accuracy, accepted", percent(report.accuracy.accepted)
    yield "must-not hits (of turns that forbid a label)", percent(report.must_not.hits)
    yield "macro-F1", f"{report.macro_f1:.3f}"
    yield "calibration error of the final score", f"{report.calibration.ece:.3f}"


def _ranked(report: Report) -> Iterator[tuple[str, str]]:
    out = report.out_of_scope
    yield "out-of-scope AUROC", _auroc(out.auroc)
    yield "out-of-scope AUROC by 1 - score", _auroc(out.auroc_by_score)
    yield "out-of-scope recall", percent(out.recall)
    for name, shares in report.coverage_at_precision:
        for precision, share in shares.items():
            yield f"coverage at precision {precision}, {_words(name)}", percent(share)


def _thresholds(report: Report) -> Iterator[tuple[str, str]]:
    at, out, latency = report.at_thresholds, report.out_of_scope, report.latency
    yield "answered at the fitted thresholds", percent(at.coverage)
    yield "  precision", percent(at.precision)
    if at.precision_at_assumed_share is not None:
        share = f"{100 * at.assumed_share:.0f} % out of scope"
        yield f"  precision at {share}", f"{100 * at.precision_at_assumed_share:.1f} %"
    yield "  wrong (of all)", percent(at.wrong)
    yield "  refused", percent(at.refused)
    yield "  unsure", percent(at.unsure)
    yield "  out of scope, answered", percent(out.answered)
    yield "  in scope, refused", percent(out.in_scope_refused)
    yield "latency P50 / P99", f"{latency.p50_ms:.2f} / {latency.p99_ms:.2f} ms"
    yield "turns a second on one thread", f"{latency.turns_per_second:.0f}"


def _labels(report: Report) -> Table:
    title = "Labels (precision, recall and F1 by the best label, strict)"
    table = Table(title=title, box=SIMPLE_HEAD, collapse_padding=True, pad_edge=False)
    table.add_column("label", overflow="fold")
    for name in ("turns", "precision", "recall", "F1", "least", "answered", "right"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, one in report.labels.items():
        threshold = "rules" if one.threshold is None else f"{one.threshold:.4f}"
        known = name not in report.data.unknown_labels
        table.add_row(
            escape(name),
            str(one.support),
            _short(one.precision.value),
            _short(one.recall.value),
            _short(one.f1),
            threshold if known else "unknown",
            str(one.answered),
            _short(one.right.value),
        )
    return table


def _confusions(report: Report) -> Table:
    table = Table(title="Most frequent mistakes")
    table.add_column("label")
    table.add_column("best label")
    table.add_column("turns", justify="right")
    for one in report.confusions:
        table.add_row(escape(one.label), escape(one.best), str(one.rows))
    return table


def _auroc(found: Auroc) -> str:
    return f"- ({found.why})" if found.value is None else f"{found.value:.3f}"


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _words(name: str) -> str:
    return name.replace("_", " ")

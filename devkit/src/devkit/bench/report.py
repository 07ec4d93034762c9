"""The figures of one run of the bench: a table for people, JSON for comparisons."""

import json
import subprocess
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from devkit.bench.alone import Alone
from devkit.bench.cpu import cpu_name
from devkit.bench.measure import Sustained
from devkit.bench.traffic import Timings


@dataclass(frozen=True)
class Results:
    """Everything measured in one run."""

    relay: Timings
    turn: Timings
    by_rule: Sustained
    by_model: Sustained
    rules_alone: Alone
    model_alone: Alone


@dataclass(frozen=True)
class Line:
    """One figure beside its aim; `met` is None where nothing is aimed at."""

    what: str
    figure: str
    aim: str = ""
    met: bool | None = None


def _most(what: str, value: float, aim: float, unit: str) -> Line:
    return Line(what, f"{value:.2f}{unit}", f"≤ {aim:g}{unit}", value <= aim)


def _least(what: str, value: float, aim: float, unit: str) -> Line:
    return Line(what, f"{value:.0f}{unit}", f"≥ {aim:g}{unit}", value >= aim)


def _latency(timings: Timings) -> str:
    return f"P50 {timings.p50:.1f} ms, P99 {timings.p99:.1f} ms ({len(timings.took_ms)} records)"


def figures(results: Results) -> list[Line]:
    """The table's lines, each with its aim."""
    relay, turn, rule, model = results.relay, results.turn, results.by_rule, results.by_model
    return [
        Line("three bare hops, 50 a second", _latency(relay)),
        Line("a template turn, 50 a second", _latency(turn)),
        _most("ratio of the P50", turn.p50 / relay.p50, 2, " ×"),
        _most("ratio of the P99", turn.p99 / relay.p99, 2, " ×"),
        _least("sustained, by rule", rule.timings.rate, 1000, " turns/s"),
        Line("  meanwhile", _latency(rule.timings)),
        _least("sustained, by model", model.timings.rate, 500, " turns/s"),
        Line("  meanwhile", _latency(model.timings)),
        _most("rules alone, P50", results.rules_alone.p50_us, 50, " µs"),
        Line("rules alone, P99", f"{results.rules_alone.p99_us:.1f} µs"),
        _most("model alone, P50", results.model_alone.p50_us / 1000, 1.5, " ms"),
        Line("model alone, P99", f"{results.model_alone.p99_us / 1000:.2f} ms"),
    ]


def _cpu(sustained: Sustained) -> dict[str, float]:
    return sustained.spent.per_turn_ms(len(sustained.timings.took_ms))


def print_results(results: Results, console: Console) -> None:
    """The figures, then CPU time a turn of every process."""
    table = Table(title="Bench", title_justify="left")
    for heading in ("", "what", "figure", "aim"):
        table.add_column(heading)
    marks = {True: "[green]✓[/green]", False: "[red]✗[/red]", None: ""}
    for line in figures(results):
        table.add_row(marks[line.met], line.what, line.figure, line.aim)
    console.print(table)
    spent = Table(title="CPU milliseconds a turn", title_justify="left")
    rule, model = _cpu(results.by_rule), _cpu(results.by_model)
    for heading in ("process", "by rule", "by model"):
        spent.add_column(heading, justify="left" if heading == "process" else "right")
    for name in rule:
        spent.add_row(name, f"{rule[name]:.3f}", f"{model[name]:.3f}")
    spent.add_row("all", f"{sum(rule.values()):.3f}", f"{sum(model.values()):.3f}")
    console.print(spent)


def commit_of(root: Path) -> str:
    """The commit checked out, with a mark if files differ from it; empty outside a checkout."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip()


def _timings(timings: Timings) -> dict[str, Any]:
    return {
        "p50_ms": timings.p50,
        "p99_ms": timings.p99,
        "records": len(timings.took_ms),
        "seconds": timings.seconds,
        "per_second": timings.rate,
    }


def as_json(results: Results, root: Path) -> Mapping[str, Any]:
    """What is kept: the figures, where and when they were measured."""
    return {
        "commit": commit_of(root),
        "cpu": cpu_name(),
        "date": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "relay": _timings(results.relay),
        "turn": _timings(results.turn),
        "ratio_p50": results.turn.p50 / results.relay.p50,
        "ratio_p99": results.turn.p99 / results.relay.p99,
        "by_rule": _timings(results.by_rule.timings) | {"cpu_ms_per_turn": _cpu(results.by_rule)},
        "by_model": _timings(results.by_model.timings)
        | {"cpu_ms_per_turn": _cpu(results.by_model)},
        "rules_alone": asdict(results.rules_alone),
        "model_alone": asdict(results.model_alone),
    }


def write_json(results: Results, root: Path, path: Path) -> None:
    """Write the results."""
    text = json.dumps(as_json(results, root), indent=2, ensure_ascii=False)
    path.write_text(text + "\n")

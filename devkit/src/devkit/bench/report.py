"""The figures of one run of the bench: a table for people, JSON for comparisons."""

import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from devkit.bench.alone import Alone
from devkit.bench.cpu import cpu_name
from devkit.bench.measure import Sustained
from devkit.bench.overhead import Overhead, Spread
from devkit.bench.tiers import Measured
from devkit.bench.traffic import Timings
from playbook.shop import Shop


@dataclass(frozen=True)
class Results:
    """Everything measured in one run."""

    relay: Timings
    turn: Timings
    by_rule: Sustained
    by_model: Sustained
    rules_alone: Alone
    model_alone: Alone
    tiers: tuple[Measured, ...] = ()


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


def figures(results: Results, shop: Shop) -> list[Line]:
    """The table's lines, each with its aim."""
    return [*_spine(results), *(line for one in results.tiers for line in _tier(one, shop))]


def _tier(one: Measured, shop: Shop) -> Iterator[Line]:
    way, timings = one.way, one.timings
    aim = way.aim_ms(shop)
    name = f"{way.name}, {way.rate:g} a second"
    yield Line(name, _latency(timings), f"P99 ≤ {aim:g} ms", timings.p99 <= aim)
    if one.overhead is not None:
        yield from _added(one.overhead)


def _added(found: Overhead) -> Iterator[Line]:
    yield Line("  of it the simulator's own time", _spread(found.provider))
    yield Line("  all the rest", _spread(found.added))
    yield Line("  said → at the provider", _spread(found.before))
    if found.shown.values:
        yield Line("  first sentence → first preview read", _spread(found.shown))
    yield Line("  last token → reply read", _spread(found.told))


def _spread(spread: Spread) -> str:
    return f"P50 {spread.p50:.1f} ms, P99 {spread.p99:.1f} ms ({len(spread.values)} turns)"


def _spine(results: Results) -> list[Line]:
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


def _cpu(measured: Sustained | Measured) -> dict[str, float]:
    return measured.spent.per_turn_ms(len(measured.timings.took_ms))


def _cpu_table(results: Results) -> Table:
    """Milliseconds a turn: as many turns as go through, then the tiers at their steady rates."""
    columns = {"by rule": _cpu(results.by_rule), "by model": _cpu(results.by_model)}
    columns |= {one.way.short: _cpu(one) for one in results.tiers}
    table = Table(title="CPU milliseconds a turn", title_justify="left")
    for heading in ("process", *columns):
        table.add_column(heading, justify="left" if heading == "process" else "right")
    for name in dict.fromkeys(name for spent in columns.values() for name in spent):
        cells = (f"{spent[name]:.3f}" if name in spent else "" for spent in columns.values())
        table.add_row(name, *cells)
    table.add_row("all", *(f"{sum(spent.values()):.3f}" for spent in columns.values()))
    return table


def print_results(results: Results, shop: Shop, console: Console) -> None:
    """The figures, then CPU time a turn of every process."""
    table = Table(title="Bench", title_justify="left")
    for heading in ("", "what", "figure", "aim"):
        table.add_column(heading)
    marks = {True: "[green]✓[/green]", False: "[red]✗[/red]", None: ""}
    for line in figures(results, shop):
        table.add_row(marks[line.met], line.what, line.figure, line.aim)
    console.print(table)
    console.print(_cpu_table(results))


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
        "tiers": {one.way.short: _told(one) for one in results.tiers},
    }


def _told(one: Measured) -> dict[str, Any]:
    added = one.overhead
    names = ("provider", "before", "shown", "told", "added") if added else ()
    spreads = {name: getattr(added, name) for name in names}
    return {
        **_timings(one.timings),
        "rate": one.way.rate,
        "cpu_ms_per_turn": _cpu(one),
        "simulated": one.way.model is not None,
        "overhead_ms": {
            name: {"p50": spread.p50, "p99": spread.p99, "turns": len(spread.values)}
            for name, spread in spreads.items()
        },
    }


def write_json(results: Results, root: Path, path: Path) -> None:
    """Write the results."""
    text = json.dumps(as_json(results, root), indent=2, ensure_ascii=False)
    path.write_text(text + "\n")

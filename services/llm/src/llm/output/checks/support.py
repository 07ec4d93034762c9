"""Whether evidence holds a fact: by its kind, and by whose fact it is."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from llm.output.checks.line import Line
from llm.output.evidence import Evidence
from llm.output.facts.counts import SOME
from llm.output.facts.fact import Fact, Kind

Facts = frozenset[tuple[Kind, str]]


def supported(fact: Fact, lines: Sequence[Line], evidence: Evidence) -> bool:
    """Whether one of the lines tells this fact, or the customer may be repeated in it."""
    told: Facts = frozenset().union(*(line.facts for line in lines))
    if (fact.kind, fact.value) in told:
        return True
    rule = RULES.get(fact.kind)
    return rule(fact.value, told, evidence) if rule else False


def _volume(value: str, told: Facts, evidence: Evidence) -> bool:
    low, high = _ends(value)
    ranges = [_ends(one) for one in _values(told, Kind.VOLUME)]
    counts = (one for one in _values(told, Kind.COUNT) if one != SOME)
    most = max((int(Decimal(one)) for one in counts), default=0)
    inside = any(begin <= low and high <= end for begin, end in ranges)
    return inside or (low == 1 and high <= max(most, 1))


def _count(value: str, told: Facts, evidence: Evidence) -> bool:
    counted = list(_values(told, Kind.COUNT))
    return not counted and (Kind.NUMBER, value) in told


def _year(value: str, told: Facts, evidence: Evidence) -> bool:
    years = [one[-4:] for one in _values(told, Kind.YEAR, Kind.DATE)]
    return any(one[:3] == value[:3] for one in years) if value.endswith("s") else value in years


def _number(value: str, told: Facts, evidence: Evidence) -> bool:
    kinds = (Kind.NUMBER, Kind.COUNT, Kind.LISTED, Kind.AGE, Kind.YEAR)
    return any((kind, value) in told for kind in kinds)


def _listed(value: str, told: Facts, evidence: Evidence) -> bool:
    return Decimal(value) <= evidence.listed or _number(value, told, evidence)


def _age(value: str, told: Facts, evidence: Evidence) -> bool:
    kinds = (Kind.AGE, Kind.NUMBER)
    return any((k, value) in told or _repeats(evidence, k, value) for k in kinds)


def _date(value: str, told: Facts, evidence: Evidence) -> bool:
    return any(one.startswith(f"{value} ") for one in _values(told, Kind.DATE))


def _code(value: str, told: Facts, evidence: Evidence) -> bool:
    return _repeats(evidence, Kind.CODE, value)


def _status(value: str, told: Facts, evidence: Evidence) -> bool:
    states = set(_values(told, Kind.STATUS))
    if value.startswith("not "):
        return bool(states) and value.removeprefix("not ") not in states
    return not states


RULES: dict[Kind, Callable[[str, Facts, Evidence], bool]] = {
    Kind.VOLUME: _volume,
    Kind.COUNT: _count,
    Kind.YEAR: _year,
    Kind.NUMBER: _number,
    Kind.LISTED: _listed,
    Kind.AGE: _age,
    Kind.DATE: _date,
    Kind.CODE: _code,
    Kind.STATUS: _status,
}
"""What supports a value other than the same value. Where a state is not told, a word is a word."""


def _repeats(evidence: Evidence, kind: Kind, value: str) -> bool:
    return any(fact.value == value for fact in evidence.said.all(kind))


def _values(told: Facts, *kinds: Kind) -> Iterable[str]:
    return (value for kind, value in told if kind in kinds)


def _ends(value: str) -> tuple[int, int]:
    low, _, high = value.partition("-")
    return int(Decimal(low)), int(Decimal(high or low))

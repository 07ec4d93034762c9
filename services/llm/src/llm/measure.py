"""What this service counts, beside the spans."""

from collections.abc import Iterable

from opentelemetry import metrics, trace

from telemetry import metrics as shared
from telemetry.names import Attribute, Metric

_meter = metrics.get_meter("tierwise")
_claims = _meter.create_counter(Metric.CLAIMS, unit="{claim}")
_open = _meter.create_gauge(Metric.BREAKER, unit="1")
_misses = _meter.create_counter(Metric.GUARD_MISSES, unit="{miss}")
_missed = _meter.create_counter(Metric.CACHE_MISSED, unit="{call}")


def claimed(outcome: str, epoch: int) -> None:
    """A claim was taken, found settled, busy or over the cap, or lost to a later owner."""
    _claims.add(1, {Attribute.CLAIM: outcome})
    trace.get_current_span().set_attribute(Attribute.EPOCH, epoch)


def breaker(model: str, *, is_open: bool) -> None:
    """Whether a model is left alone."""
    _open.set(int(is_open), {Attribute.MODEL_REQUESTED: model})


def degraded(mark: str) -> None:
    """A fallback goes out instead of an answer."""
    shared.degraded.add(1, {Attribute.DEGRADED: mark})


def guarded(misses: Iterable[str]) -> None:
    """Sentences that the guard replaced, by the kind of miss alone: its value is text."""
    for miss in misses:
        _misses.add(1, {Attribute.MISS: miss.split()[0]})


def cache_missed(model: str) -> None:
    """A prompt long enough to be cached was neither read from the cache nor written to it."""
    _missed.add(1, {Attribute.MODEL_REQUESTED: model})

"""The runtime's instruments, made once over the API: without an SDK they cost next to nothing."""

from opentelemetry import metrics

from telemetry.names import Metric

_meter = metrics.get_meter("tierwise")

process_duration = _meter.create_histogram(Metric.PROCESS_DURATION, unit="s")
turn_duration = _meter.create_histogram(Metric.TURN_DURATION, unit="s")
consumed = _meter.create_counter(Metric.CONSUMED, unit="{message}")
decisions = _meter.create_counter(Metric.DECISIONS, unit="{turn}")
dead_letters = _meter.create_counter(Metric.DEAD_LETTERS, unit="{message}")
conflicts = _meter.create_counter(Metric.CONFLICTS, unit="{turn}")
refused = _meter.create_counter(Metric.REFUSED, unit="{turn}")
degraded = _meter.create_counter(Metric.DEGRADED, unit="{turn}")
rekeyed = _meter.create_counter(Metric.REKEYED, unit="{message}")
rebalances = _meter.create_counter(Metric.REBALANCES, unit="{rebalance}")
loop_lag = _meter.create_histogram(Metric.LOOP_LAG, unit="s")
in_flight = _meter.create_gauge(Metric.IN_FLIGHT, unit="{message}")
lag = _meter.create_gauge(Metric.LAG, unit="{message}")

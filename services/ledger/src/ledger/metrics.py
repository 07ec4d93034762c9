"""What Prometheus scrapes: turns that this process booked for the first time."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from events.reply import Usage
from ledger.book import Entry
from ledger.writer import Written

SLO_S = (0.02, 0.05, 0.12, 0.25, 0.5, 0.9, 1.2, 1.4, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)
"""Bucket bounds. The targets are among them, so that a share within a target is exact."""

KINDS = ("input", "output", "cached", "cache_write")


class Metrics:
    """The ledger's instruments, in a registry of their own.

    `model_size` is as in `ledger.book.Entry`.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        what = ("tier", "use_case", "model_size", "simulated")
        self._turns = self._counter("turns", "Finished turns.", (*what, "status"))
        self._cost = self._counter("cost_usd", "What turns cost by list price.", what)
        self._tokens = self._counter("tokens", "Tokens billed.", ("model", "kind", "simulated"))
        self._again = self._counter("again", "Replies of turns that were booked before.")
        self._refused = self._counter("refused", "Turns that Postgres would not take.")
        self._unreadable = self._counter("unreadable", "Records that are no reply.", ("reason",))
        self._adjusted = self._counter("adjusted", "Calls booked that no reply carries.")
        self._released = self._counter("released", "Calls without a bill whose hold was released.")
        self._released_usd = self._counter("released_usd", "What was held for them at most.")
        self._seconds = Histogram(
            "tierwise_ledger_turn_seconds",
            "From the turn's arrival to its reply, by the broker's stamps.",
            ("tier", "use_case"),
            buckets=SLO_S,
            registry=self._registry,
        )
        self._lag = self._gauge("lag", "Replies on the topic that are not in the books yet.")
        self._share = self._gauge("share_without_model", "Of the last five minutes' turns.")

    def written(self, written: Written) -> None:
        """A batch was written."""
        for entry in written.new:
            self._booked(entry)
        self._again.inc(written.again)
        self._refused.inc(written.refused)

    def unreadable(self, reason: str) -> None:
        """A record was left out."""
        self._unreadable.labels(reason).inc()

    def adjusted(self, calls: int) -> None:
        """Calls that no reply carries were booked."""
        self._adjusted.inc(calls)

    def released(self, calls: int, usd: float) -> None:
        """Holds were taken off their sessions, though nobody knows yet what the calls cost."""
        self._released.inc(calls)
        self._released_usd.inc(usd)

    def stands(self, *, lag: int, share_without_model: float | None) -> None:
        """How things are now; `share_without_model` is None without a turn."""
        self._lag.set(lag)
        self._share.set(float("nan") if share_without_model is None else share_without_model)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)

    def _booked(self, entry: Entry) -> None:
        simulated = str(entry.simulated).lower()
        what = (entry.tier, entry.use_case, entry.model_size, simulated)
        self._turns.labels(*what, entry.reply.status.value).inc()
        self._seconds.labels(entry.tier, entry.use_case).observe(max(entry.latency_ms, 0) / 1000)
        if entry.calls:
            self._cost.labels(*what).inc(float(entry.spent.cost_usd))
        for usage in entry.usage:
            self._called(usage)

    def _called(self, usage: Usage) -> None:
        counts = (
            usage.input_tokens,
            usage.output_tokens,
            usage.cached_tokens,
            usage.cache_write_tokens,
        )
        for kind, count in zip(KINDS, counts, strict=True):
            self._tokens.labels(usage.model, kind, str(usage.simulated).lower()).inc(count)

    def _counter(self, name: str, told: str, labels: tuple[str, ...] = ()) -> Counter:
        return Counter(f"tierwise_ledger_{name}", told, labels, registry=self._registry)

    def _gauge(self, name: str, told: str) -> Gauge:
        return Gauge(f"tierwise_ledger_{name}", told, registry=self._registry)

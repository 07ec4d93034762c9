"""The system's routes as data: which spans a turn's trace has, in which service, under which.

Names may hold `*`. Zipkin's format knows no links: those are asserted in tests/unit/telemetry.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial

from events.tier import Tier
from events.topics import EGRESS, INGRESS, STREAM, tier_topic

SMALL, BIG = "chat claude-haiku-5-5", "chat claude-sonnet-5-5"
AIKO = "c-aiko"


@dataclass(frozen=True)
class Inner:
    """A span inside a hop, under its `process` span or under the span named `under`."""

    name: str
    under: str | None = None
    many: bool = False


@dataclass(frozen=True)
class Hop:
    """What one service reads, does and sends."""

    service: str
    reads: str
    sends: str
    inside: tuple[Inner, ...] = ()


@dataclass(frozen=True)
class Expected:
    """One span: its parent's name, None for the message's sender; `many`: once or more often."""

    name: str
    service: str
    parent: str | None
    many: bool = False

    def fits(self, name: str, service: str) -> bool:
        """Whether a span is this one."""
        return service == self.service and fnmatchcase(name, self.name)


@dataclass(frozen=True)
class Route:
    """A turn that takes one way through the system."""

    text: str
    hops: tuple[Hop, ...]
    customer: str | None = None

    @property
    def expected(self) -> tuple[Expected, ...]:
        """Every span of its trace behind the frontend's own."""
        return tuple(self._expected())

    def _expected(self) -> Iterator[Expected]:
        sent: str | None = None
        for hop in self.hops:
            process = f"process {hop.reads}"
            yield Expected(process, hop.service, sent)
            for one in hop.inside:
                yield Expected(one.name, hop.service, one.under or process, one.many)
            sent = f"send {hop.sends}"
            yield Expected(sent, hop.service, process)


def _hop(tier: Tier, sends: str, *inside: Inner) -> Hop:
    return Hop(tier.value, tier_topic(tier), sends, inside)


def _first(tier: Tier) -> Hop:
    return Hop("classifier", INGRESS, tier_topic(tier))


def _claimed(*inside: Inner) -> Hop:
    claim, settled = Inner("INSERT claim"), Inner("UPDATE claim")
    return _hop(Tier.LLM, EGRESS, claim, *inside, settled)


def _shown(chat: str) -> Hop:
    """An answer of a model, shown sentence by sentence."""
    return _claimed(Inner(chat), Inner(f"send {STREAM}", under=chat, many=True))


LLM = tier_topic(Tier.LLM)
STOCK = Inner("SELECT stock")
ORDERS, RETURNS = Inner("SELECT look_up_orders"), Inner("SELECT look_up_returns")
EMBEDDED, FOUND = Inner("embeddings all-MiniLM-L6-v2"), Inner("retrieval shop-*")
ROUTES: Mapping[str, Route] = {
    "template": Route(
        "What is your return policy?", (_first(Tier.TEMPLATE), _hop(Tier.TEMPLATE, EGRESS))
    ),
    "order": Route(
        "Where is my order #ABC123", (_first(Tier.ORDER), _hop(Tier.ORDER, EGRESS, ORDERS)), AIKO
    ),
    "rag": Route(
        "Tell me about Vinland Saga volume 12",
        (_first(Tier.RAG), _hop(Tier.RAG, EGRESS, STOCK)),
    ),
    "rag to the small model": Route(
        "Is Vinland Saga about revenge?",
        (_first(Tier.RAG), _hop(Tier.RAG, LLM, STOCK, EMBEDDED, FOUND), _shown(SMALL)),
    ),
    "rag to the big model": Route(
        "I'm looking for something like Berserk but less violent",
        (
            _first(Tier.RAG),
            _hop(Tier.RAG, LLM, FOUND),
            _shown(BIG),
        ),
    ),
    "order to the small model": Route(
        "Help me return this, my husband bought the wrong volume",
        (_first(Tier.ORDER), _hop(Tier.ORDER, LLM, RETURNS), _claimed(Inner(SMALL))),
        AIKO,
    ),
}


@dataclass(frozen=True)
class Shape:
    """What the semantic conventions ask of a kind of span: tags of a value, tags of any value."""

    kind: str
    equal: Mapping[str, str]
    present: frozenset[str]


MESSAGE = frozenset({"messaging.destination.partition.id", "messaging.kafka.offset"})
DATABASE = frozenset({"db.operation.name", "db.collection.name", "db.query.summary"})
USAGE = frozenset(
    {
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.output_tokens",
        "gen_ai.usage.cache_read.input_tokens",
        "gen_ai.usage.cache_write.input_tokens",
        "gen_ai.response.id",
        "gen_ai.response.model",
        "gen_ai.response.finish_reasons",
        "gen_ai.response.time_to_first_chunk",
        "gen_ai.request.max_tokens",
        "tierwise.cost_usd",
        "tierwise.call.id",
        "tierwise.claim.epoch",
    }
)


def shape_of(name: str) -> Shape:
    """The conventions for a span of this name. KeyError for a name that has none."""
    verb, _, subject = name.partition(" ")
    return SHAPES[verb](subject)


def _sent(topic: str) -> Shape:
    return Shape("PRODUCER", _messaging(topic, "send"), MESSAGE)


def _processed(topic: str) -> Shape:
    group = topic.removeprefix("chat.tier.") if topic != INGRESS else "classifier"
    equal = {**_messaging(topic, "process"), "messaging.consumer.group.name": group}
    return Shape("CONSUMER", equal, MESSAGE | {"session.id", "tierwise.turn.id"})


def _messaging(topic: str, operation: str) -> dict[str, str]:
    return {
        "messaging.system": "kafka",
        "messaging.destination.name": topic,
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
    }


def _queried(verb: str, subject: str) -> Shape:
    """`subject` is a table, or a function of the database that reads or writes some."""
    summary = {"db.operation.name": verb, "db.query.summary": f"{verb} {subject}"}
    return Shape("CLIENT", {"db.system.name": "postgresql", **summary}, DATABASE)


def _chatted(model: str) -> Shape:
    equal = {
        "gen_ai.provider.name": "anthropic",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": model,
        "gen_ai.request.stream": "true",
        "tierwise.simulated": "true",
    }
    return Shape("CLIENT", equal, USAGE)


def _embedded(model: str) -> Shape:
    equal = {"gen_ai.operation.name": "embeddings", "gen_ai.request.model": model}
    return Shape("CLIENT", equal, frozenset({"gen_ai.embeddings.dimension.count"}))


def _retrieved(collection: str) -> Shape:
    equal = {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.data_source.id": collection,
        "db.system.name": "qdrant",
        "db.collection.name": collection,
    }
    return Shape("CLIENT", equal, DATABASE)


SHAPES: Mapping[str, Callable[[str], Shape]] = {
    "send": _sent,
    "process": _processed,
    "SELECT": partial(_queried, "SELECT"),
    "INSERT": partial(_queried, "INSERT"),
    "UPDATE": partial(_queried, "UPDATE"),
    "chat": _chatted,
    "embeddings": _embedded,
    "retrieval": _retrieved,
}

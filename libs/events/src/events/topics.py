"""Every topic's name and settings, in one place. Nothing creates a topic implicitly."""

from dataclasses import dataclass, field

from events.tier import Tier

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
MIB = 1 << 20

INGRESS = "chat.ingress"
EGRESS = "chat.egress"
STREAM = "chat.stream"
CONTROL = "chat.control"
HANDOFF = "chat.handoff"
DLQ = "chat.dlq"


def tier_topic(tier: Tier) -> str:
    """The topic that a tier's workers consume."""
    return f"chat.tier.{tier.value}"


@dataclass(frozen=True)
class TopicSpec:
    """One topic. `partitions` None means the common count, the same for every topic of turns."""

    name: str
    partitions: int | None = None
    config: dict[str, str] = field(default_factory=dict)


def _spec(name: str, retention_ms: int, *, max_bytes: int = MIB) -> TopicSpec:
    return TopicSpec(
        name,
        config={
            "message.timestamp.type": "LogAppendTime",
            "retention.ms": str(retention_ms),
            "max.message.bytes": str(max_bytes),
            "cleanup.policy": "delete",
        },
    )


TOPICS: tuple[TopicSpec, ...] = (
    # Raw text of customers, card numbers included, lives here alone and for an hour.
    _spec(INGRESS, HOUR_MS),
    *(_spec(tier_topic(tier), DAY_MS) for tier in Tier),
    _spec(EGRESS, DAY_MS),
    _spec(STREAM, HOUR_MS),
    _spec(HANDOFF, DAY_MS),
    # The original bytes of a record at the limit must fit with the headers that explain it.
    _spec(DLQ, 7 * DAY_MS, max_bytes=2 * MIB),
    TopicSpec(
        CONTROL,
        partitions=1,
        config={"message.timestamp.type": "LogAppendTime", "cleanup.policy": "compact"},
    ),
)

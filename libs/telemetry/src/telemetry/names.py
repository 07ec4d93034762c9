"""Names of spans, metrics and attributes, typed and in one place.

Messaging names follow the OpenTelemetry semantic conventions 1.44 (Development); what is our own
stands under `tierwise.`.
"""

from enum import StrEnum


class Attribute(StrEnum):
    """Keys of span and metric attributes."""

    SYSTEM = "messaging.system"
    DESTINATION = "messaging.destination.name"
    PARTITION = "messaging.destination.partition.id"
    OPERATION_NAME = "messaging.operation.name"
    OPERATION_TYPE = "messaging.operation.type"
    GROUP = "messaging.consumer.group.name"
    OFFSET = "messaging.kafka.offset"
    ERROR = "error.type"
    SESSION = "session.id"
    TURN = "tierwise.turn.id"
    TIER = "tierwise.tier"
    USE_CASE = "tierwise.use_case"
    STATUS = "tierwise.status"
    DECIDED_BY = "tierwise.decided_by"
    REASON = "tierwise.reason"
    DEGRADED = "tierwise.degraded"
    SERVICE = "tierwise.service"


class Metric(StrEnum):
    """Names of instruments."""

    PROCESS_DURATION = "messaging.process.duration"
    SENT = "messaging.client.sent.messages"
    CONSUMED = "messaging.client.consumed.messages"
    TURN_DURATION = "tierwise.turn.duration"
    DECISIONS = "tierwise.decisions"
    DEAD_LETTERS = "tierwise.dead_letters"
    CONFLICTS = "tierwise.turn.conflicts"
    REFUSED = "tierwise.refused"
    DEGRADED = "tierwise.degraded"
    REKEYED = "tierwise.rekeyed"
    LOOP_LAG = "tierwise.loop.lag"
    REBALANCES = "tierwise.rebalances"
    IN_FLIGHT = "tierwise.in_flight"
    LAG = "tierwise.lag"

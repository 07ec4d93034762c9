"""Names of spans, metrics and attributes, typed and in one place.

Messaging names follow the OpenTelemetry semantic conventions 1.44 (Development), those of databases
are stable. Those of models follow the GenAI conventions' own repository of November 2026
(Development), which says `cache_write` where the packaged 0.66b1 still says `cache_creation`;
`gen_ai.usage.input_tokens` counts cached tokens too. What is our own stands under `tierwise.`.
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
    DB_SYSTEM = "db.system.name"
    DB_OPERATION = "db.operation.name"
    DB_COLLECTION = "db.collection.name"
    DB_SUMMARY = "db.query.summary"
    DB_STATUS_CODE = "db.response.status_code"
    MODEL_PROVIDER = "gen_ai.provider.name"
    MODEL_OPERATION = "gen_ai.operation.name"
    MODEL_REQUESTED = "gen_ai.request.model"
    MODEL_MAX_TOKENS = "gen_ai.request.max_tokens"
    MODEL_STREAM = "gen_ai.request.stream"
    MODEL_ANSWERED = "gen_ai.response.model"
    MODEL_RESPONSE = "gen_ai.response.id"
    MODEL_FINISH = "gen_ai.response.finish_reasons"
    MODEL_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk"
    MODEL_INPUT = "gen_ai.usage.input_tokens"
    MODEL_OUTPUT = "gen_ai.usage.output_tokens"
    MODEL_CACHE_READ = "gen_ai.usage.cache_read.input_tokens"
    MODEL_CACHE_WRITE = "gen_ai.usage.cache_write.input_tokens"
    MODEL_TOKEN_TYPE = "gen_ai.token.type"
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
    SIMULATED = "tierwise.simulated"
    COST_USD = "tierwise.cost_usd"
    EPOCH = "tierwise.claim.epoch"
    CALL = "tierwise.call.id"
    TASK = "tierwise.task"
    CLAIM = "tierwise.claim.outcome"


class Metric(StrEnum):
    """Names of instruments."""

    PROCESS_DURATION = "messaging.process.duration"
    SENT = "messaging.client.sent.messages"
    CONSUMED = "messaging.client.consumed.messages"
    DATABASE_DURATION = "db.client.operation.duration"
    MODEL_DURATION = "gen_ai.client.operation.duration"
    MODEL_FIRST_CHUNK = "gen_ai.client.operation.time_to_first_chunk"
    MODEL_TOKENS = "gen_ai.client.token.usage"
    COST = "tierwise.cost"
    CLAIMS = "tierwise.claims"
    BREAKER = "tierwise.breaker.open"
    CACHE_MISSED = "tierwise.cache.missed"
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

"""The AsyncAPI 3 document: every topic, who writes it, who reads it, what stands on it."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from devkit.contracts.messages import documented
from events import topics
from events.tier import Tier
from events.topics import TopicSpec

DESCRIPTION = """\
Tierwise answers a shop's customers. A frontend publishes turns on chat.ingress and reads replies on
chat.egress; docs/frontends.md is the guide for whoever writes one. Other topics lie between the
services, and are written down here so that nobody has to guess.

Topics of turns are keyed by session id, partitioned by murmur2 as Kafka's Java clients do, and
stamped by the broker (LogAppendTime). Delivery is at least once: the first reply of a turn in
partition order is final.
"""


@dataclass(frozen=True)
class Way:
    """What one side does with one topic: the operation's name, `send` or `receive`, and by whom."""

    operation: str
    action: str
    topic: str
    message: str
    summary: str


def _tier_ways(tier: Tier) -> tuple[Way, Way]:
    topic, name = topics.tier_topic(tier), tier.value.capitalize()
    by = f"the {tier} worker answers"
    if tier in (Tier.RAG, Tier.LLM):
        by = f"a later release's {tier} worker will answer; until then nothing is routed here"
    return (
        Way(f"routeTo{name}", "send", topic, "route", f"A turn whose answer is {tier}'s."),
        Way(f"answerFrom{name}", "receive", topic, "route", f"The reading side: {by}."),
    )


WAYS = (
    Way("receiveTurn", "receive", topics.INGRESS, "turn", "The classifier takes turns in."),
    *(way for tier in Tier for way in _tier_ways(tier)),
    Way("sendReply", "send", topics.EGRESS, "reply", "Every worker publishes its replies."),
    Way("sendPreview", "send", topics.STREAM, "preview", "For a later release's llm worker."),
    Way("bury", "send", topics.DLQ, "deadLetter", "Every worker gives up on what is broken."),
    Way("handOff", "send", topics.HANDOFF, "handoff", "For a later release's desk."),
    Way("tellControl", "send", topics.CONTROL, "control", "Workers say hello to set their clock."),
)


def _channel_id(topic: str) -> str:
    first, *rest = topic.removeprefix("chat.").split(".")
    return first + "".join(part.capitalize() for part in rest)


def _topic_configuration(spec: TopicSpec) -> dict[str, Any]:
    """Every setting of the topic, numbers as numbers and the policies as the list they are."""
    config: dict[str, Any] = {
        name: int(value) if value.isdigit() else value for name, value in spec.config.items()
    }
    return config | {"cleanup.policy": spec.config["cleanup.policy"].split(",")}


def _channel(spec: TopicSpec) -> dict[str, Any]:
    names = dict.fromkeys(way.message for way in WAYS if way.topic == spec.name)
    kafka: dict[str, Any] = {"topic": spec.name, "bindingVersion": "0.5.0"}
    if spec.partitions:
        kafka["partitions"] = spec.partitions
    kafka["topicConfiguration"] = _topic_configuration(spec)
    return {
        "address": spec.name,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"kafka": kafka},
    }


def _operation(way: Way) -> dict[str, Any]:
    channel = f"#/channels/{_channel_id(way.topic)}"
    return {
        "action": way.action,
        "summary": way.summary,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{way.message}"}],
    }


def document() -> dict[str, Any]:
    """The whole document."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tierwise",
            "version": version("tierwise-events"),
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_channel_id(spec.name): _channel(spec) for spec in topics.TOPICS},
        "operations": {way.operation: _operation(way) for way in WAYS},
        "components": {"messages": documented()},
    }

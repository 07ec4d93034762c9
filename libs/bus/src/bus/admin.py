"""Creating topics explicitly, from their specifications."""

from collections.abc import Iterable, Sequence

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from bus.address import Address
from events.topics import TopicSpec


class TopicMismatch(RuntimeError):
    """A topic exists with another number of partitions than its specification says."""


async def create_topics(
    bootstrap: str, specs: Sequence[TopicSpec], *, partitions: int, replication: int = 1
) -> tuple[str, ...]:
    """Create the topics that are missing and return their names. Safe to call again.

    `partitions` is the common count, for each specification that names none of its own. Raises
    TopicMismatch when an existing topic has another count (adding partitions would move keys, so
    nothing is repaired here), KafkaError when the broker is away or refuses.
    """
    admin = AIOKafkaAdminClient(**Address.parse(bootstrap).options)
    await admin.start()
    try:
        wanted = {spec.name: spec.partitions or partitions for spec in specs}
        existing = await _partition_counts(admin)
        check_counts(wanted, existing)
        missing = [spec for spec in specs if spec.name not in existing]
        if missing:
            await _create(admin, [_new_topic(spec, wanted, replication) for spec in missing])
        return tuple(spec.name for spec in missing)
    finally:
        await admin.close()


def check_counts(wanted: dict[str, int], existing: dict[str, int]) -> None:
    """Raise TopicMismatch naming every topic whose count differs from the wanted one."""
    wrong = [
        f"{name} has {existing[name]} partitions, not {count}"
        for name, count in wanted.items()
        if existing.get(name, count) != count
    ]
    if wrong:
        raise TopicMismatch(
            "; ".join(wrong) + ". Set the common count to theirs, or delete the topics."
        )


def _new_topic(spec: TopicSpec, wanted: dict[str, int], replication: int) -> NewTopic:
    return NewTopic(spec.name, wanted[spec.name], replication, topic_configs=spec.config)


async def _partition_counts(admin: AIOKafkaAdminClient) -> dict[str, int]:
    topics = await admin.describe_topics()
    return {topic["topic"]: len(topic["partitions"]) for topic in topics}


async def _create(admin: AIOKafkaAdminClient, topics: Iterable[NewTopic]) -> None:
    response = await admin.create_topics(list(topics))
    for name, code, *detail in response.topic_errors:
        failure = for_code(code)
        # Somebody created it since it was looked up: the next call checks its count.
        if code and failure is not TopicAlreadyExistsError:
            raise KafkaError(f"topic {name}: {failure.__name__} {detail}")

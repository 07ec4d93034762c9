"""The topics of `events.topics`, created on a broker."""

from bus.admin import TopicMismatch, create_topics
from devkit.errors import DevkitError
from events.topics import TOPICS

PARTITIONS = 12
"""The common count of the embedded stack: enough to spread over a few replicas of a service."""


async def ensure_topics(
    bootstrap: str, *, partitions: int = PARTITIONS, replication: int = 1
) -> tuple[str, ...]:
    """Create what is missing and return its names. Raises DevkitError on another count."""
    try:
        return await create_topics(
            bootstrap, TOPICS, partitions=partitions, replication=replication
        )
    except TopicMismatch as wrong:
        raise DevkitError(str(wrong)) from wrong

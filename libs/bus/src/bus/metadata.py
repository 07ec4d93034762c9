"""What the brokers say of their topics."""

import asyncio

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from bus.address import Address
from bus.port import Unreachable

TIMEOUT_S = 10.0


async def count_partitions(bootstrap: str, topic: str) -> int:
    """How many partitions a topic has. Raises LookupError when there is none, Unreachable."""
    client = AIOKafkaClient(**Address.parse(bootstrap).options)
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await client.bootstrap()
            found = (await client.fetch_all_metadata()).partitions_for_topic(topic)
    except (KafkaError, TimeoutError) as error:
        raise Unreachable(
            f"no broker answers at {Address.parse(bootstrap).hosts}: {error!r}"
        ) from error
    finally:
        await client.close()
    if not found:
        raise LookupError(f"topic {topic} does not exist: create it with `tierwise topics`")
    return len(found)

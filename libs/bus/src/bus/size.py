"""The size cap of our own, checked before anything reaches the broker.

One record over the topic's limit breaks an idempotent producer for its partition: it must not go.
"""

from bus.port import TooLarge
from events.wire import Message


def size_of(message: Message) -> int:
    """Bytes of key, value and headers together."""
    headers = sum(len(name) + len(value) for name, value in message.headers.items())
    return len(message.key) + len(message.value) + headers


def check_size(topic: str, message: Message, cap_bytes: int) -> None:
    """Raises TooLarge when the message is over the cap."""
    if (size := size_of(message)) > cap_bytes:
        raise TooLarge(f"{size} bytes for {topic} are over the cap of {cap_bytes}")

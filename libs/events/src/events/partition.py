"""Which partition a session belongs to: murmur2, as Kafka's Java clients compute it."""

SEED = 0x9747B28C
M = 0x5BD1E995
MASK = 0xFFFFFFFF


def _mixed(word: int) -> int:
    word = (word * M) & MASK
    return ((word ^ (word >> 24)) * M) & MASK


def murmur2(data: bytes) -> int:
    """The 32-bit murmur2 hash of Kafka's Java client (`Utils.murmur2`), unsigned."""
    h = SEED ^ len(data)
    whole = len(data) & ~3
    for at in range(0, whole, 4):
        h = ((h * M) & MASK) ^ _mixed(int.from_bytes(data[at : at + 4], "little"))
    if tail := data[whole:]:
        h = ((h ^ int.from_bytes(tail, "little")) * M) & MASK
    h = ((h ^ (h >> 13)) * M) & MASK
    return h ^ (h >> 15)


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key: the hash's lower 31 bits modulo the partition count."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions

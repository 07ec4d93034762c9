"""The partitioner against vectors of Kafka's Java client, as aiokafka 0.14 computes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.partition import murmur2, partition_of

VECTORS = [
    (b"", 275646681, 9),
    (b"a", 2731586172, 4),
    (b"ab", 316155434, 2),
    (b"abc", 479470107, 3),
    (b"abcd", 2971317748, 8),
    (b"abcde", 461995741, 1),
    (b"s-1", 2996772543, 7),
    (b"web-7f3a", 564385505, 5),
    (b"session:0042", 2997834963, 7),
    ("日本".encode(), 3594156275, 3),
    (bytes(range(256)), 2346620022, 10),
    (b"x" * 64, 1222492685, 5),
]


@pytest.mark.parametrize(("key", "hashed", "of_twelve"), VECTORS)
def test_known_vectors(key: bytes, hashed: int, of_twelve: int) -> None:
    assert murmur2(key) == hashed
    assert partition_of(key, 12) == of_twelve


@given(st.binary(max_size=80), st.integers(min_value=1, max_value=1000))
def test_a_partition_is_one_of_the_topics(key: bytes, partitions: int) -> None:
    assert 0 <= partition_of(key, partitions) < partitions

"""What may be committed."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.positions import Positions


def test_nothing_is_due_before_it_is_booked() -> None:
    positions = Positions()
    assert positions.read(0, 5)
    assert positions.due() == {}
    positions.booked([(0, 5)])
    assert positions.due() == {0: 6}


def test_what_is_committed_is_not_due_again() -> None:
    positions = Positions()
    positions.booked([(0, 5), (1, 2)])
    positions.committed({0: 6, 1: 3})
    assert positions.due() == {}
    positions.booked([(1, 3)])
    assert positions.due() == {1: 4}


def test_a_record_that_was_left_out_is_found() -> None:
    positions = Positions()
    assert positions.read(0, 5)
    assert not positions.read(0, 7)
    assert positions.read(0, 6)
    assert positions.read(1, 100)


def test_reading_again_from_before_is_normal() -> None:
    positions = Positions()
    for offset in (5, 6, 7, 5, 6, 7, 8):
        assert positions.read(0, offset)
    assert not positions.read(0, 10)


def test_partitions_that_were_dealt_anew_begin_anywhere() -> None:
    positions = Positions()
    assert positions.read(0, 5)
    positions.assigned()
    assert positions.read(0, 50)
    assert not positions.read(0, 52)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), max_size=30))
def test_only_what_is_booked_is_ever_committed(batches: list[tuple[int, int]]) -> None:
    positions, booked = Positions(), dict[int, set[int]]()
    for partition, count in batches:
        start = max(booked.get(partition, {-1})) + 1
        places = [(partition, start + more) for more in range(count)]
        assert all(positions.read(*place) for place in places)
        for number, offset in positions.due().items():
            assert offset - 1 in booked[number]
        positions.booked(places)
        booked.setdefault(partition, set()).update(offset for _, offset in places)
    assert positions.due() == {number: max(found) + 1 for number, found in booked.items()}

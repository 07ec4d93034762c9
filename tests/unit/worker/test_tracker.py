from hypothesis import given
from hypothesis import strategies as st

from worker.tracker import Tracker

offsets = st.lists(st.integers(0, 10_000), min_size=1, max_size=60, unique=True).map(sorted)


def test_nothing_finished_commits_nothing() -> None:
    tracker = Tracker()
    tracker.delivered(5)
    assert tracker.mark is None
    assert tracker.in_flight == 1


@given(offsets, st.randoms(use_true_random=False), st.data())
def test_the_mark_never_passes_open_work(
    found: list[int], order: object, data: st.DataObject
) -> None:
    tracker = Tracker()
    for offset in found:
        tracker.delivered(offset)
    finished: set[int] = set()
    for offset in data.draw(st.permutations(found)):
        tracker.finished(offset)
        finished.add(offset)
        still_open = [one for one in found if one not in finished]
        if tracker.mark is not None:
            assert all(one >= tracker.mark for one in still_open)
        below = [one for one in found if not still_open or one < still_open[0]]
        assert tracker.mark == (below[-1] + 1 if below else None)
    assert tracker.in_flight == 0

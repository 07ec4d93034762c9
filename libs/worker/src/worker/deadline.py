"""When the turn in hand is cut off: the runtime knows it, a handler may ask.

It counts from the broker's stamps, so it is less than the turn's `within_s` by the time the record
lay in its topic. A handler that would begin something too dear to be cut asks first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_until: ContextVar[float | None] = ContextVar("until", default=None)


def until() -> float | None:
    """The event loop's time at which the handler is cut off; None outside of the runtime."""
    return _until.get()


@contextmanager
def cut_off_at(when: float | None) -> Iterator[None]:
    """Say so to what is called in this block, and to the tasks begun there."""
    token = _until.set(when)
    try:
        yield
    finally:
        _until.reset(token)

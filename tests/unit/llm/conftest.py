"""Which tests of the models' tier run in a time of their own."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
from suites.own_time import OwnTime

IN_OWN_TIME = {
    "test_claims.py",
    "test_desk.py",
    "test_herald.py",
    "test_model.py",
    "test_underway.py",
}
"""They wait by the loop alone, and are about who waits how long for whom."""


def pytest_asyncio_loop_factories(
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """A loop whose clock no busy machine delays, where that is enough."""
    own = item.path.name in IN_OWN_TIME
    return {"own_time": OwnTime} if own else {"real_time": asyncio.new_event_loop}

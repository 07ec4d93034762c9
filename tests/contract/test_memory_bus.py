import pytest
from suites.bus_suite import BusSuite

from bus.memory import MemoryBus


class TestMemoryBus(BusSuite):
    @pytest.fixture
    def bus(self) -> MemoryBus:
        return MemoryBus()

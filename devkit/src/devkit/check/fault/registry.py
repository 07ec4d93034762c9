"""Every fault that can be injected, by its number in the table of faults."""

from collections.abc import Iterable

from devkit.check.fault.field import Fault
from devkit.check.fault.kill_broker import KillBroker
from devkit.check.fault.kill_worker import KillWorker
from devkit.check.fault.poison import SendPoison
from devkit.check.fault.same_turn import SameTurn
from devkit.errors import environment_error

FAULTS: dict[int, Fault] = {
    fault.number: fault for fault in (KillWorker(), KillBroker(), SendPoison(), SameTurn())
}


def chosen(numbers: Iterable[int]) -> list[Fault]:
    """The faults of these numbers. Raises DevkitError for one that there is not."""
    wanted = list(numbers)
    if unknown := [number for number in wanted if number not in FAULTS]:
        known = "; ".join(f"{number}: {fault.title}" for number, fault in FAULTS.items())
        raise environment_error(f"No fault has the number {unknown[0]}. There are {known}.")
    return [FAULTS[number] for number in wanted]

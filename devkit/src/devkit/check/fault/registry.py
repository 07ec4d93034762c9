"""Every fault that can be injected, by its number in the table of faults."""

from collections.abc import Iterable

from devkit.check.fault.field import Fault
from devkit.check.fault.kill_broker import KillBroker
from devkit.check.fault.kill_llm import KillLlm
from devkit.check.fault.kill_worker import KillWorker
from devkit.check.fault.model_breaks import ModelBreaks
from devkit.check.fault.model_refuses import ModelRefuses
from devkit.check.fault.pause_llm import PauseLlm
from devkit.check.fault.poison import SendPoison
from devkit.check.fault.postgres_away import PostgresAway
from devkit.check.fault.qdrant_away import QdrantAway
from devkit.check.fault.rolling import Rolling
from devkit.check.fault.same_turn import SameTurn
from devkit.errors import environment_error

FAULTS: dict[int, Fault] = {
    fault.number: fault
    for fault in (
        KillWorker(),
        KillLlm(),
        KillWorker(3, "kill -9 a classifier", ("classifier",)),
        Rolling(),
        PauseLlm(),
        KillBroker(),
        PostgresAway(),
        QdrantAway(),
        ModelRefuses(),
        ModelBreaks(),
        SendPoison(),
        SameTurn(),
    )
}


def chosen(numbers: Iterable[int]) -> list[Fault]:
    """The faults of these numbers. Raises DevkitError for one that there is not."""
    wanted = list(numbers)
    if unknown := [number for number in wanted if number not in FAULTS]:
        known = "; ".join(f"{number}: {fault.title}" for number, fault in FAULTS.items())
        raise environment_error(f"No fault has the number {unknown[0]}. There are {known}.")
    return [FAULTS[number] for number in wanted]

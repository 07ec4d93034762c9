"""What the order worker reads from the environment: nothing beyond what all workers read."""

from worker.settings import WorkerSettings


class Settings(WorkerSettings):
    """Settings of one order worker."""

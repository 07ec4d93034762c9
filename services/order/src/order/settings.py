"""What the order worker reads from the environment."""

from pydantic import Field

from worker.settings import WorkerSettings


class Settings(WorkerSettings):
    """Settings of one order worker.

    `concurrency` is twice its pool of connections: a backlog then waits in its lanes, where it is
    only late, and not for a connection, where it would be told that Postgres is away.
    """

    concurrency: int = Field(default=16, ge=1)

"""What every worker reads from the environment (prefix `TIERWISE_`)."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class WorkerSettings(BaseSettings):
    """Settings shared by all workers; a service adds its own by subclassing.

    `concurrency` bounds the sessions handled at once, `patience_s` how long a dependency may be
    away before the fallback goes out, `deadline_s` the age of a turn at which it goes out at once.
    """

    model_config = SettingsConfigDict(env_prefix="TIERWISE_", frozen=True)

    kafka: str = "127.0.0.1:9092"
    postgres: str = "postgresql://127.0.0.1:5432/tierwise"
    playbook: Path = Path("playbook")
    frontends: Path = Path("playbook/frontends")
    host: str = "127.0.0.1"
    health_port: int = Field(default=8080, ge=0, le=65535)
    concurrency: int = Field(default=128, ge=1)
    patience_s: float = Field(default=0.8, gt=0)
    deadline_s: float = Field(default=20.0, gt=0)
    drain_s: float = Field(default=10.0, gt=0)

"""What the ledger reads from the environment (prefix `TIERWISE_`)."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of one ledger.

    `http_port` serves the figures, `health_port` the probes, both on `host`. `batch` bounds the
    turns that are booked in one statement, `adjust_s` is how often calls that no reply carries are
    looked for, `drain_s` how long a stop waits until what was read is booked.
    """

    model_config = SettingsConfigDict(env_prefix="TIERWISE_", frozen=True)

    kafka: str = "127.0.0.1:9092"
    postgres: str = "postgresql://127.0.0.1:5432/tierwise"
    playbook: Path = Path("playbook")
    host: str = "127.0.0.1"
    http_port: int = Field(default=8000, ge=0, le=65535)
    health_port: int = Field(default=8080, ge=0, le=65535)
    batch: int = Field(default=500, ge=1)
    adjust_s: float = Field(default=5.0, gt=0)
    drain_s: float = Field(default=5.0, ge=0)

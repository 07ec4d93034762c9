"""What the simulator reads from the environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """TIERWISE_SIMULATOR_…; every field has a default."""

    model_config = SettingsConfigDict(
        env_prefix="TIERWISE_SIMULATOR_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8090, ge=0, le=65535)
    playbook: Path = Path("playbook")
    """Its models.yaml and prices.yaml say how fast, how dear and how limited each model is."""
    seed: int = 1
    profile: str = "faithful"
    share: float = Field(default=1.0, ge=0, le=1)
    """The part of the answers that the profile writes; the others are faithful."""
    speed: float = Field(default=1.0, gt=0)
    """How many times faster than the playbook's latencies it answers."""
    book: Path | None = None
    """A JSON Lines file that outlives the process."""

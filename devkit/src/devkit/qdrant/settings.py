"""What the small Qdrant server reads from the environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """TIERWISE_QDRANT_…; every field has a default."""

    model_config = SettingsConfigDict(
        env_prefix="TIERWISE_QDRANT_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=6333, ge=0, le=65535)
    folder: Path = Path(".tierwise/qdrant")
    """Where the collections lie; one process at a time."""

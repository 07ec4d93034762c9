"""What the embedded Qdrant reads from the environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """TIERWISE_QDRANT_SERVER_…: where it listens and where it keeps its collections."""

    model_config = SettingsConfigDict(
        env_prefix="TIERWISE_QDRANT_SERVER_", frozen=True, extra="ignore"
    )

    host: str = "127.0.0.1"
    port: int = Field(default=6333, ge=0, le=65535)
    path: Path = Path(".tierwise/qdrant")

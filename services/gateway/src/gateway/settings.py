"""What the gateway reads from the environment (prefix `TIERWISE_`)."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Rate(BaseModel):
    """What a session may send through one replica: `burst` turns at once, then `per_s` a second."""

    model_config = ConfigDict(frozen=True)

    burst: int = Field(default=10, ge=1)
    per_s: float = Field(default=2.0, gt=0)


class Listening(BaseSettings):
    """Where a replica listens: `http_port` is for clients and peers, `health_port` for probes."""

    model_config = SettingsConfigDict(
        env_prefix="TIERWISE_", frozen=True, hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    http_port: int = Field(default=8000, ge=0, le=65535)
    health_port: int = Field(default=8080, ge=0, le=65535)


class Settings(Listening):
    """Settings of one replica.

    `gateway_key` is the PEM of the Ed25519 private key the gateway is registered with as a
    frontend, `customer_jwt_key` the PEM of the shop's public key (none: only visitors).
    `session_secret` signs session tokens and is the same on every replica. `peers` are the base
    URLs of all replicas as a JSON list, this one's own at place `replica`; empty means there is
    one replica. `rate` is JSON too.
    """

    kafka: str = "127.0.0.1:9092"
    frontends: Path = Path("playbook/frontends")
    gateway_key: Path
    customer_jwt_key: Path | None = None
    session_secret: SecretStr = Field(min_length=32)
    replica: int = Field(default=0, ge=0)
    peers: tuple[str, ...] = ()
    rate: Rate = Rate()

    @property
    def replicas(self) -> int:
        """How many replicas share the egress partitions."""
        return max(1, len(self.peers))

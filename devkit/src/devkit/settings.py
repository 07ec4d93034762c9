"""What the `tierwise` command reads from the environment. Nothing else in devkit reads it."""

import os
from collections.abc import Mapping
from functools import cache

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

# What a child process may inherit; everything else it gets is named by the stack.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")


class Settings(BaseSettings):
    """Frozen; every field has a default, so that the command needs no setting at all."""

    model_config = SettingsConfigDict(env_prefix="TIERWISE_DEV_", frozen=True, extra="ignore")

    home: str | None = None
    """The project folder, when the command is not run inside it."""
    java_home: str | None = Field(default=None, validation_alias="JAVA_HOME")
    kafka: str | None = None
    """Bootstrap servers of a broker to use instead of the embedded one."""
    kafka_jars: str | None = None
    """The `libs` folder of an unpacked Kafka 4 distribution, used instead of Maven's."""
    postgres: str | None = None
    """postgresql:// DSN of an administrator, used instead of the embedded server."""
    anthropic_api_key: SecretStr | None = Field(default=None, validation_alias="ANTHROPIC_API_KEY")
    """With a key the llm service calls the real API; without, the simulator."""
    qdrant: str | None = None
    """URL of a Qdrant server, used instead of the embedded one."""
    qdrant_api_key: SecretStr | None = None
    role_password: str | None = None
    """The password that `tierwise migrate` gives every service's role: for development alone."""


@cache
def settings() -> Settings:
    """Read once per process."""
    return Settings()


def inherited_environment() -> dict[str, str]:
    """The part of this process's environment that its children get, OTEL_* included."""
    return {
        name: value
        for name, value in os.environ.items()  # noqa: TID251 - this is devkit's settings.py
        if name in INHERITED or name.startswith("OTEL_")
    }


def build_environment() -> dict[str, str]:
    """All of this process's environment, for a compiler that has settings of its own."""
    return dict(os.environ)  # noqa: TID251 - this is devkit's settings.py


def export(pairs: Mapping[str, str]) -> None:
    """Set variables for libraries of this process that read them themselves (OpenTelemetry)."""
    os.environ.update(pairs)  # noqa: TID251 - this is devkit's settings.py

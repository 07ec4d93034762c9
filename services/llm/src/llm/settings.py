"""What the llm worker reads from the environment."""

from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from worker.settings import WorkerSettings


class Settings(WorkerSettings):
    """Settings of one llm worker.

    With `anthropic_api_key` the provider's real API is called; without, the simulator at the URL
    `simulator`, and everything says so. `concurrency` is more than both models' running and
    waiting calls together (3 x 24 each): neither model's turns can fill all lanes.
    """

    model_config = SettingsConfigDict(env_prefix="TIERWISE_", frozen=True, populate_by_name=True)

    concurrency: int = Field(default=160, ge=1)
    anthropic_api_key: SecretStr | None = Field(default=None, validation_alias="ANTHROPIC_API_KEY")
    simulator: str | None = None

    @model_validator(mode="after")
    def _has_a_provider(self) -> Self:
        if not self.key and not self.simulator:
            raise ValueError(
                "no model can be called: set ANTHROPIC_API_KEY, or TIERWISE_SIMULATOR to the "
                "address of `python -m devkit.simulator`"
            )
        return self

    @property
    def key(self) -> str | None:
        """The provider's key; an empty one is none, as compose passes what is not set."""
        return (self.anthropic_api_key.get_secret_value() if self.anthropic_api_key else "") or None

    @property
    def simulated(self) -> bool:
        """Whether no real model is behind the answers."""
        return not self.key

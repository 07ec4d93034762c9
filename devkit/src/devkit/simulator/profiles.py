"""The profiles by name, and the choice that an operator makes among them."""

from collections.abc import Mapping
from hashlib import sha256
from random import Random

from pydantic import BaseModel, ConfigDict, Field, field_validator

from devkit.simulator.ask import Prompt
from devkit.simulator.evidence import read
from devkit.simulator.faithful import faithful
from devkit.simulator.lying import lying
from devkit.simulator.profile import Profile, Written
from devkit.simulator.puppet import puppet
from devkit.simulator.sloppy import sloppy

PROFILES: Mapping[str, Profile] = {
    "faithful": faithful,
    "sloppy": sloppy,
    "lying": lying,
    "puppet": puppet,
}


class Choice(BaseModel):
    """Which profile writes, in which share of the answers; the other answers are faithful."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: str
    share: float = Field(default=1.0, ge=0, le=1)
    seed: int = 1

    @field_validator("profile")
    @classmethod
    def _exists(cls, name: str) -> str:
        if name not in PROFILES:
            raise ValueError(f"no profile is named {name}; there are {', '.join(PROFILES)}")
        return name

    def write(self, prompt: Prompt) -> Written:
        """The answer to a prompt: the same for the same seed, model and prompt."""
        chance = Random(_digest(self.seed, prompt))
        chosen = self.profile if chance.random() < self.share else "faithful"
        return PROFILES[chosen](read(prompt), chance)


def _digest(seed: int, prompt: Prompt) -> bytes:
    told = "\0".join(f"{role}\0{block.text}" for role, block in prompt.blocks())
    return sha256(f"{seed}\0{prompt.model}\0{told}".encode()).digest()

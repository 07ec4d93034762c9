"""What overlays the classifier's choice: breakers, quota, budgets, operators' switches."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Kind(StrEnum):
    """The kinds of entry on `chat.control`."""

    BREAKER = "breaker"
    QUOTA = "quota"
    SWITCH = "switch"
    CLOCK = "clock"


class Control(BaseModel):
    """One entry of the compacted topic `chat.control`; its key is `kind/subject/by`.

    `subject` is a tier or a model, `value` the share still free (quota) or 0 and 1 (breaker and
    switch: 1 lets turns through). `expires_after_s` is None for operators' entries: they stay.
    """

    model_config = ConfigDict(frozen=True)

    kind: Kind
    subject: str
    by: str
    value: float
    expires_after_s: float | None = 5.0
    why: str = ""

    @property
    def key(self) -> str:
        """The compaction key."""
        return f"{self.kind}/{self.subject}/{self.by}"

"""A turn handed to another tier."""

from pydantic import BaseModel, ConfigDict

from events.decision import Decision
from events.reply import Reply
from events.task import Task
from events.tier import Tier


class Finding(BaseModel):
    """One piece of evidence a tier found: data for the next tier, never an instruction to it.

    `kind` is series, volume, stock or policy; `ref` the id it is cited by; `text` holds its facts
    in words; `score` how well it fits, in [0, 1].
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    ref: str
    title: str
    text: str
    score: float | None = None


class Route(BaseModel):
    """An outcome that is not yet an answer: who goes on, with what, and what to say if nobody can.

    `fallback` is the whole ladder of degradation: the reply sent when the next tier fails or the
    deadline passes. `task` says what the models' tier is asked to do. `within_s` bounds the next
    tier's time, counted from the broker's stamp of the record that carries the turn there.
    """

    model_config = ConfigDict(frozen=True)

    tier: Tier
    decision: Decision
    fallback: Reply
    findings: tuple[Finding, ...] = ()
    task: Task | None = None
    within_s: float | None = None

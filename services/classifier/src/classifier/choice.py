"""What one kind of evidence says about a turn, before tiers and overlays."""

from dataclasses import dataclass, field

from events.decision import Candidate, Evidence


@dataclass(frozen=True)
class Choice:
    """A use case and why. The fields are those of `events.decision.Decision`."""

    by: Evidence
    use_case: str
    why: str
    template: str | None = None
    slots: dict[str, str] = field(default_factory=dict)
    rule_id: str | None = None
    candidates: tuple[Candidate, ...] = ()
    entropy_bits: float | None = None
    out_of_scope: float | None = None
    score: float | None = None
    threshold: float | None = None
    model_version: str | None = None
    overlays: tuple[str, ...] = ()

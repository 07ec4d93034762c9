"""The record of why a turn went where it went."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from events.tier import Tier


class Evidence(StrEnum):
    """What decided, in the order in which it is asked."""

    FLOW = "flow"
    QUESTION = "question"
    RULE = "rule"
    MODEL = "model"


class Candidate(BaseModel):
    """One use case and its calibrated probability."""

    model_config = ConfigDict(frozen=True)

    use_case: str
    probability: float


class Decision(BaseModel):
    """The classifier's decision about one turn, published with its route and stored on its row.

    `entropy_bits` is the Shannon entropy of the whole posterior, `out_of_scope` the probability
    that no use case fits, `score` the final score: the probability that the best known use case is
    the right one. `threshold` is the least score that was asked for. All four are None where no
    model was asked. `overlays` name what changed the first choice (a closed tier, an open breaker,
    lost context). `expected_cost_usd` is the price of the chosen tier by the playbook. `why` is one
    sentence for a person.
    """

    model_config = ConfigDict(frozen=True)

    by: Evidence
    use_case: str
    tier: Tier
    why: str
    expected_cost_usd: float
    playbook_version: str
    candidates: tuple[Candidate, ...] = ()
    entropy_bits: float | None = None
    out_of_scope: float | None = None
    score: float | None = None
    rule_id: str | None = None
    model_version: str | None = None
    threshold: float | None = None
    template: str | None = None
    slots: dict[str, str] = {}
    overlays: tuple[str, ...] = ()

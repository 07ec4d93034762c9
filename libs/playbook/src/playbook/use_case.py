"""One use case: what the shop decides about a kind of question. One YAML file each."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from events.tier import Tier
from playbook.source import Entry


class Prior(StrEnum):
    """How sharp the right answer is, given what the customer wrote."""

    SHARP = "sharp"
    HALF = "half"
    BROAD = "broad"


class Size(StrEnum):
    """Which of the two models may be asked."""

    SMALL = "small"
    BIG = "big"


class RuleSpec(Entry):
    """A rule as written: it fires where `pattern` is found and `unless` is not.

    `<<name>>` in a pattern stands for a phrase of shop.yaml, or for a slot, which it captures. Of
    the words in `needs` one must occur ("0" stands for any digit): it saves asking most of the
    rules. `sets` are slots with a fixed value. A rule sees texts up to `max_characters`. The
    highest `priority` is asked first. An `anaphoric` rule ("where is it?") means something only
    where the session remembers what was talked about; with `about`, only where it remembers an
    entity of that name (`series`, `order_id`). A `catalogued` rule fires only where the `title` it
    captures is the name of a series in the catalogue, and captures that `series` too; without
    `needs` of its own it needs a word of such a name.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    pattern: str = Field(min_length=1)
    needs: frozenset[str] = frozenset()
    unless: str | None = None
    template: str | None = None
    policy: str | None = None
    sets: dict[str, str] = Field(default_factory=dict)
    priority: int = 0
    anaphoric: bool = False
    about: str | None = None
    catalogued: bool = False
    max_characters: int = Field(default=200, ge=1, le=4000)


class UseCase(Entry):
    """What the shop decides for one use case.

    `cost_usd` is the expected price of a turn, `budget_usd` the most a turn may cost, `harm_usd`
    what it costs the shop to give this use case's answer wrongly, `p99_ms` the promised latency.
    `error_target` is the share of wrong answers that is tolerated; None makes it of the harm (see
    `playbook.tolerance`). `threshold` is an operator's own least score at which the classifier
    answers without a rule; None takes the one that the model's training fitted. `answers_as` names
    which of its tier's answers is given; None is the one of the use case's own id. `fallback` names
    the template that is sent while the tier is closed or away; `closed` says that the tier cannot
    answer this use case yet. `via` names the tier that looks for evidence before `tier` answers.
    `warm` are templates whose text the small model may rewrite. `label` completes "Is this
    about …?".
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str = Field(min_length=1)
    prior: Prior
    tier: Tier
    model: Size | None
    cost_usd: float = Field(ge=0)
    budget_usd: float = Field(ge=0)
    p99_ms: int = Field(gt=0)
    harm_usd: float = Field(ge=0)
    error_target: float | None = Field(default=None, gt=0, le=0.5)
    threshold: float | None = Field(default=None, gt=0, le=1)
    template: str | None
    fallback: str
    label: str = Field(min_length=1)
    answers_as: str | None = None
    closed: bool = False
    via: Tier | None = None
    warm: frozenset[str] = frozenset()
    rules: tuple[RuleSpec, ...] = ()
    examples: tuple[str, ...] = Field(min_length=1)

    @property
    def answer(self) -> str:
        """The name of the tier's answer that is given."""
        return self.answers_as or self.id

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.tier in (Tier.RAG, Tier.LLM)) != (self.model is not None):
            raise ValueError(
                "model must be small or big for tiers rag and llm, null for the others"
            )
        if self.tier is Tier.TEMPLATE and self.template is None:
            raise ValueError("template must be named for tier template")
        if self.via not in (None, Tier.RAG) or (self.via and self.tier is not Tier.LLM):
            raise ValueError("via may only be rag, and only where tier is llm")
        if self.cost_usd > self.budget_usd:
            raise ValueError("budget_usd must not be below cost_usd")
        return self

"""What became of one labelled turn: accepted, asked back, refused, harmful."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from classifier.doubt import CLARIFY, DEAREST
from devkit.route.router import Router, same
from devkit.training.corpus import Row
from events.context import Context
from events.decision import Decision, Evidence
from events.tier import Tier

OUT_OF_SCOPE = "out_of_scope"
CHEAP = frozenset({Tier.TEMPLATE, Tier.ORDER})
BOOK = ("series", "title")
BOUND_BY = ("series", "volume", "order_id", "use_case", "cancel")
"""Slots that a history-bound turn is marked by."""


@dataclass(frozen=True)
class Mark:
    """One turn and its decision.

    `accepted`: decided for an accepted use case, or asked back with an accepted one on offer.
    `harmful`: answered for a use case that the row forbids. `refused`: a turn in scope told that it
    is none of the shop's business. `cheap_wrong`: a template or an API answered for a wrong one.
    `unbound`: slots of the row that the decision has not, or otherwise.
    """

    row: Row
    decision: Decision
    accepted: bool
    clarified: bool
    harmful: bool
    refused: bool
    cheap_wrong: bool
    unbound: tuple[str, ...] = ()


def marked(router: Router, row: Row, wanted: Mapping[str, Any] | None = None) -> Mark:
    """Decide one row after its history. `wanted` are slots that the decision must have."""
    context = router.recall(list(row.history) or None)
    decision = router.decide(row.text, context)
    clarified = decision.template == CLARIFY
    offered = set(decision.slots.get("options", "").split(",")) if clarified else set()
    fits = decision.use_case in row.accepts
    answered = not clarified and DEAREST.isdisjoint(decision.overlays)
    in_scope = OUT_OF_SCOPE not in row.accepts
    return Mark(
        row=row,
        decision=decision,
        accepted=fits or bool(offered & row.accepts),
        clarified=clarified,
        harmful=not clarified and decision.use_case in row.must_not,
        refused=answered and in_scope and decision.use_case == OUT_OF_SCOPE,
        cheap_wrong=answered and not fits and decision.tier in CHEAP,
        unbound=_unbound(router, _things(decision, context), wanted or {}),
    )


def _things(decision: Decision, context: Context) -> dict[str, str]:
    """What a decided turn is bound to; where a dialogue took it, to what the dialogue is about.

    A dialogue keeps its order and book itself: the slots of such a turn are only what it told anew.
    """
    own = decision.slots | {"use_case": decision.use_case}
    return context.entities | own if decision.by is Evidence.FLOW else own


def _unbound(
    router: Router, things: Mapping[str, str], wanted: Mapping[str, Any]
) -> tuple[str, ...]:
    """The wanted things that a turn is not bound to; a series counts by its title or its id."""
    return tuple(
        f"{name}={value}"
        for name, value in wanted.items()
        if name in BOUND_BY and not _has(router, things, name, str(value))
    )


def _has(router: Router, things: Mapping[str, str], name: str, value: str) -> bool:
    if name == "series":
        return router.names({name: things[name] for name in BOOK if name in things}, value)
    return same(things.get(name), value)

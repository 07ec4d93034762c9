"""The figures of an exam: shares with their intervals, and every turn that went wrong."""

from collections.abc import Sequence
from typing import Any

from devkit.evaluation.share import rounded_share
from devkit.exam.mark import OUT_OF_SCOPE, Mark


def figures(marks: Sequence[Mark]) -> dict[str, Any]:
    """Shares of all turns; `refused` is a share of the turns in scope."""
    inside = [mark for mark in marks if OUT_OF_SCOPE not in mark.row.accepts]
    return {
        "turns": len(marks),
        "accepted": rounded_share([mark.accepted for mark in marks]),
        "decided_right": rounded_share([mark.accepted and not mark.clarified for mark in marks]),
        "must_not_hits": sum(mark.harmful for mark in marks),
        "clarified": rounded_share([mark.clarified for mark in marks]),
        "refused_in_scope": rounded_share([mark.refused for mark in inside]),
        "cheap_wrong": rounded_share([mark.cheap_wrong for mark in marks]),
        "big_model": rounded_share([mark.decision.tier.value == "llm" for mark in marks]),
        "bound": rounded_share([mark.accepted and not mark.unbound for mark in marks]),
    }


def wrong(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """Every turn that is not as it should be, with what was decided."""
    return [
        {
            "text": mark.row.text,
            "label": mark.row.label,
            "decided": mark.decision.use_case,
            "tier": mark.decision.tier.value,
            "by": mark.decision.rule_id or mark.decision.by.value,
            "why": mark.decision.why,
            "kinds": _kinds(mark),
        }
        for mark in marks
        if _kinds(mark)
    ]


def _kinds(mark: Mark) -> list[str]:
    kinds = {
        "not accepted": not mark.accepted,
        "must not": mark.harmful,
        "refused": mark.refused,
        "cheap and wrong": mark.cheap_wrong,
        f"not bound: {', '.join(mark.unbound)}": bool(mark.unbound),
    }
    return [kind for kind, is_so in kinds.items() if is_so]

"""What a comparison takes for granted, in sentences: printed under every table."""

from collections.abc import Sequence

from devkit.report.softmax import THRESHOLD


def assumptions(
    *,
    big_error: float,
    read_on: str,
    conversations: int,
    draws: int,
    out_of_scope: float,
    frozen_answers: Sequence[str] | None,
) -> tuple[str, ...]:
    """All of them. `read_on` is the month of the prices, `out_of_scope` the sample's share.

    `frozen_answers` are the labels that the frozen control answers; None where it was left out.
    """
    return (
        f"The big model is assumed to answer {1 - big_error:.0%} of the turns in scope right, and "
        "to decline all others politely. Nobody asked it: the same figure counts for every router, "
        "and every turn that reaches it out of doubt counts as if it had all it needs.",
        "Right: the answer's use case is among the turn's accepted labels. Wrong: it was answered "
        "under another one, by whatever tier; a turn in scope that is told to be out of scope "
        "counts as refused, a question asked back as neither right nor wrong. Whether a tier then "
        "finds the fact is not measured here.",
        "No model and right: by template or order tier, refusals of what is out of scope included.",
        "Costs are the use cases' expected prices (cost_usd in playbook/use_cases), with model "
        f"prices as read in {read_on}; (story) is the reference case's price of each tier. A "
        "question asked back costs its own turn, not the customer's next one.",
        "Turns are as written: no customer reacts to what a router did. Each router's session "
        "holds what its own decisions leave; what only rows know (whose order, what is in it) is "
        "unknown.",
        "Rules only, always cheapest, the softmax threshold and the frozen control have this "
        "router's dialogues, open questions, rules and check of the language: they differ where no "
        f"rule decides. The softmax threshold is {THRESHOLD} on the calibrated probability.",
        *_frozen(frozen_answers),
        "Content-blind deals out this router's own verdicts in one random order.",
        f"Intervals: 95 %, percentiles of {draws:,} paired draws of whole conversations. They and "
        "the thresholds hold for traffic exchangeable with what they were made of: here "
        f"{conversations} written conversations with {out_of_scope:.0%} of the turns out of scope. "
        "Live traffic will differ.",
    )


def _frozen(answers: Sequence[str] | None) -> tuple[str, ...]:
    if answers is None:
        return ()
    told = ", ".join(answers) or "no label"
    return (
        "The frozen control learns from the same corpus and background, and its thresholds are "
        "fitted by the same procedure to the same error targets. Its bound was met for: "
        f"{told}. What else no rule decides goes to the big model.",
    )

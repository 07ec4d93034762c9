"""What a comparison takes for granted, in sentences: printed under every table."""

from devkit.report.softmax import THRESHOLD


def assumptions(
    *, big_error: float, read_on: str, conversations: int, draws: int, out_of_scope: float
) -> tuple[str, ...]:
    """All of them. `read_on` is the month of the prices, `out_of_scope` the sample's share."""
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
        "Content-blind deals out this router's own verdicts in one random order.",
        f"Intervals: 95 %, percentiles of {draws:,} paired draws of whole conversations. They and "
        "the thresholds hold for traffic exchangeable with what they were made of: here "
        f"{conversations} written conversations with {out_of_scope:.0%} of the turns out of scope. "
        "Live traffic will differ.",
    )

"""How large a share of a use case's cheap answers may be wrong."""

from playbook.use_case import UseCase

LEAST = 0.02
"""A smaller share cannot be shown on a few hundred examples: with none wrong of 150 answered, 2% is
what can be claimed at 95% (rule of three, 3/150)."""

MOST = 0.20
"""However little a wrong answer costs: one wrong in five, and nobody trusts the other four."""


def error_target(use_case: UseCase, risk_usd: float) -> float:
    """The tolerated share of wrong answers, 0 to 1.

    The use case's own figure, else what keeps an answer's expected harm at `risk_usd`: the risk
    divided by the harm, between LEAST and MOST.
    """
    if use_case.error_target is not None:
        return use_case.error_target
    if use_case.harm_usd == 0:
        return MOST
    return min(max(risk_usd / use_case.harm_usd, LEAST), MOST)

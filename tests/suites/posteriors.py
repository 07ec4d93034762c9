"""Made-up posteriors, for tests of what is decided with them."""

import numpy as np

from classifier.model import Posterior

LABELS = (
    "billing",
    "chitchat",
    "escalation",
    "faq_policy",
    "order_tracking",
    "out_of_scope",
    "product_info",
    "recommendation",
    "returns",
)


def posterior(**likely: float) -> Posterior:
    """The posterior with these probabilities; what is left is shared by the other labels."""
    rest = (1.0 - sum(likely.values())) / (len(LABELS) - len(likely))
    values = np.array([likely.get(label, rest) for label in LABELS])
    return Posterior.of(LABELS, values)

"""Made-up posteriors, for tests of what is decided with them."""

import numpy as np
from suites.reference_shop import shop

from classifier.limits import Limits
from classifier.manifest import OUT_OF_SCOPE
from classifier.model import Posterior
from classifier.scoring import Outcome

LABELS = tuple(sorted(shop().use_cases))
LEAST = 0.8
BARE = {
    name: case.model_copy(update={"threshold": None}) for name, case in shop().use_cases.items()
}
"""The reference shop's use cases without its operator's own thresholds."""


def posterior(**likely: float) -> Posterior:
    """The posterior with these probabilities; what is left is shared by the other labels.

    The final score is that of a perfectly calibrated model: the probabilities themselves.
    """
    rest = (1.0 - sum(likely.values())) / max(1, len(LABELS) - len(likely))
    values = np.array([likely.get(label, rest) for label in LABELS])
    out = values[LABELS.index(OUT_OF_SCOPE)]
    right = max(value for label, value in zip(LABELS, values, strict=True) if label != OUT_OF_SCOPE)
    return Posterior.of(LABELS, values, Outcome(right, 1.0 - right - out, out))


def limits(least: float | None = LEAST, version: str = "m-1") -> Limits:
    """One threshold for every use case of the reference shop."""
    return Limits(version, BARE, dict.fromkeys(LABELS, least))

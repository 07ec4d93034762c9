"""How features are standardised before a regression."""

from devkit.training.metrics import Matrix, Reals

SOFTENING = 0.3
"""Added to the spread of every circumstance: a rare flag must not weigh as a common one does."""
LOUDNESS = 0.5
"""A circumstance's spread beside the parts of the network, unit vectors that stay as they are."""


def scale(found: Matrix, parts: int) -> tuple[Reals, Reals]:
    """Center and spread of every feature; the first `parts` of them stay as they are."""
    center, spread = found.mean(axis=0), (found.std(axis=0) + SOFTENING) / LOUDNESS
    center[:parts], spread[:parts] = 0.0, 1.0
    return center, spread

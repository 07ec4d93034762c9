"""The control that does not read: what the mix alone is worth."""

from collections.abc import Sequence

import numpy as np

from devkit.report.dealt import Dealt
from devkit.report.verdict import Verdict


def blind(verdicts: Sequence[Verdict], seed: int) -> Dealt:
    """This router's own verdicts, shuffled over all turns: the same shares, to the last turn."""
    order = np.random.default_rng(seed).permutation(len(verdicts))
    return Dealt(verdicts[place] for place in order)

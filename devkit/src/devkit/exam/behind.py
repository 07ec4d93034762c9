"""Single turns put behind what others said before: customers change the subject."""

import random
from collections.abc import Sequence

from devkit.training.corpus import Row
from devkit.training.error import CorpusError

SEED = 5


def behind(rows: Sequence[Row], others: Sequence[Row]) -> tuple[Row, ...]:
    """The rows without a history, each behind one of another row; the same ones every time.

    Raises CorpusError where there is no such row, or none with a history.
    """
    histories = [row.history for row in others if row.history]
    single = [row for row in rows if not row.history]
    if not histories or not single:
        raise CorpusError(
            "Turns without a history are put behind histories of --behind, and one side has none."
        )
    dice = random.Random(SEED)
    return tuple(row.model_copy(update={"history": dice.choice(histories)}) for row in single)

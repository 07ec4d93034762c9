"""What may be told of a failure: its type and its place. Messages may carry customers' words."""

import traceback
from pathlib import Path


def blamed(bug: BaseException) -> str:
    """The failure's type and where it was raised, fit for logs and dead letters."""
    frames = traceback.extract_tb(bug.__traceback__)
    if not frames:
        return type(bug).__name__
    last = frames[-1]
    return f"{type(bug).__name__} in {Path(last.filename).name}:{last.lineno} ({last.name})"


def trail(bug: BaseException) -> str:
    """The traceback without the message."""
    return "".join(traceback.format_tb(bug.__traceback__))

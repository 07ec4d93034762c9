"""The figures of a comparison: what is counted, and per what."""

from dataclasses import dataclass
from enum import StrEnum

from devkit.report.outcome import COUNTS


class Per(StrEnum):
    """What a count is divided by: the number of sessions, or another count."""

    SESSION = "session"
    TURN = "turns"
    TURN_IN_SCOPE = "in_scope"


@dataclass(frozen=True)
class Figure:
    """One figure. `form` is a format of `devkit.evidence.told`; `main` ones stand in README.md."""

    name: str
    title: str
    count: str
    per: Per
    form: str = "%"
    main: bool = True

    @property
    def column(self) -> int:
        """The place of its count."""
        return COUNTS.index(self.count)


FIGURES = (
    Figure("cost_per_turn", "$ a turn", "cost_usd", Per.TURN, "$", main=False),
    Figure("cost_per_session", "$ a session", "cost_usd", Per.SESSION, "$"),
    Figure("story_per_turn", "$ a turn (story)", "story_usd", Per.TURN, "$", main=False),
    Figure("story_per_session", "$ a session (story)", "story_usd", Per.SESSION, "$", main=False),
    Figure("model_free_right", "no model and right", "model_free_right", Per.TURN),
    Figure("wrong", "wrong", "wrong", Per.TURN),
    Figure("must_not", "must-not", "must_not", Per.TURN),
    Figure("clarified", "clarified", "clarified", Per.TURN),
    Figure("escalated", "escalated", "escalated", Per.TURN),
    Figure("refused", "refused in scope", "refused", Per.TURN_IN_SCOPE),
    Figure("large", "to the big model", "large", Per.TURN),
    Figure("right", "right overall", "right", Per.TURN),
)

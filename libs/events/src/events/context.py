"""What a session remembers between two turns. Kept on the turn row, never in a worker."""

from pydantic import BaseModel, ConfigDict

RECENT_TURNS = 4
RECENT_CHARACTERS = 300
AT_THE_END = 120
"""Of these characters so many are the end's: there a reply asks its question."""
GAP = " … "


class Option(BaseModel):
    """One possible answer: `value` is what the code needs, `label` what the customer saw."""

    model_config = ConfigDict(frozen=True)

    value: str
    label: str


class Question(BaseModel):
    """A question the shop asked last: the next turn may be its answer.

    `slot` names what is being asked for (`order_id`, `use_case`, …); `use_case` and `template`
    say where the answer goes.
    """

    model_config = ConfigDict(frozen=True)

    use_case: str
    slot: str
    options: tuple[Option, ...] = ()
    template: str | None = None


class Flow(BaseModel):
    """A dialogue of several turns that is open: the name of its machine, its state, its data."""

    model_config = ConfigDict(frozen=True)

    name: str
    state: str
    data: dict[str, str] = {}


class Exchange(BaseModel):
    """One finished turn, cut to a few hundred characters a side."""

    model_config = ConfigDict(frozen=True)

    said: str
    replied: str


class Context(BaseModel):
    """The session as its newest finished turn left it."""

    model_config = ConfigDict(frozen=True)

    use_case: str | None = None
    flow: Flow | None = None
    question: Question | None = None
    entities: dict[str, str] = {}
    recent: tuple[Exchange, ...] = ()

    def remembering(self, said: str, replied: str) -> "Context":
        """The same context with one more exchange, the oldest forgotten."""
        exchange = Exchange(said=_cut(said), replied=_cut(replied))
        return self.model_copy(update={"recent": (*self.recent, exchange)[-RECENT_TURNS:]})


def _cut(words: str) -> str:
    """The beginning and the end of long words."""
    if len(words) <= RECENT_CHARACTERS:
        return words
    head = RECENT_CHARACTERS - AT_THE_END - len(GAP)
    return f"{words[:head]}{GAP}{words[-AT_THE_END:]}"

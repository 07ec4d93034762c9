"""What every turn's work needs of its worker, and what it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from events.reply import Reply
from events.task import Task
from events.turn import Turn
from llm.models.asking import Asking
from llm.models.model import Model
from llm.money.call import Call
from llm.money.claims import Claims
from llm.money.tokens import Tokens
from llm.previews import Screen
from llm.prompt import Prompt, Prompter
from llm.writing import Check
from playbook.use_case import Size


@dataclass(frozen=True)
class Terms:
    """What holds for every call: the session's cap, the prices' month, whether simulated, and how
    many seconds a turn has that brings no limit of its own."""

    cap_usd: float
    read_on: str
    simulated: bool
    deadline_s: float


@dataclass(frozen=True)
class Kit:
    """Made once. `check` gives the guard of one turn, `kept` what a warmed text lost or added."""

    models: Mapping[Size, Model]
    claims: Claims
    asking: Asking
    screen: Screen
    prompter: Prompter
    check: Callable[[Turn], Check]
    kept: Callable[[str, str], tuple[str, ...]]
    terms: Terms


@dataclass(frozen=True)
class Job:
    """One turn's work. `plain` is its route's fallback, `until` the loop's time of its deadline."""

    turn: Turn
    task: Task
    plain: Reply
    model: Model
    prompt: Prompt
    most: Tokens
    most_usd: float
    until: float

    def call(self, terms: Terms) -> Call:
        """A call to be made, at its dearest."""
        prices = (terms.cap_usd, terms.simulated, terms.read_on)
        return Call(self.model.name, self.most_usd, *prices)

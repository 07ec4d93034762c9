"""What the customer has told so far, and where the dialogue stands: all that a flow keeps."""

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from events.context import Flow

FLOW = "returns"
"""The name of the flow, and of its use case."""


class State(StrEnum):
    """What the dialogue is waiting for, in the order in which it asks."""

    ORDER = "order"
    ITEM = "item"
    REASON = "reason"
    CHOICE = "choice"
    INSTEAD = "instead"
    CONFIRM = "confirm"


class Choice(StrEnum):
    """What the customer gets."""

    REFUND = "refund"
    EXCHANGE = "exchange"


class Kind(StrEnum):
    """How a return goes: the books in a parcel, or a photo of the damage."""

    PARCEL = "parcel"
    PHOTO = "photo"


class Wish(BaseModel):
    """The return as far as it is known. `reason` is the id of one in the playbook.

    `lines` are line numbers of the order; `instead` is the volume that is wanted in exchange;
    `kind` is what the shop's windows allowed when it was told. `words` are what was said before the
    order was known: they may name its books.
    """

    model_config = ConfigDict(frozen=True)

    order_id: str | None = None
    lines: tuple[int, ...] = ()
    reason: str | None = None
    choice: Choice | None = None
    instead: int | None = None
    kind: Kind | None = None
    words: str = ""

    def having(self, **known: object) -> Self:
        """The same wish with some fields known."""
        return self.model_copy(update=known)


class Dialogue(BaseModel):
    """An open dialogue. `state` is None before the first question; `again`: it was asked twice."""

    model_config = ConfigDict(frozen=True)

    state: State | None = None
    wish: Wish = Wish()
    again: bool = False

    @classmethod
    def of(cls, flow: Flow | None) -> Self:
        """The dialogue that a session's flow holds; a new one where it holds none, or another."""
        if flow is None or flow.name != FLOW:
            return cls()
        try:
            wish = Wish.model_validate_json(flow.data.get("wish", ""))
            return cls(state=State(flow.state), wish=wish, again=flow.data.get("again") == "yes")
        except (ValidationError, ValueError):
            # Left by another release: to ask anew is better than to guess.
            return cls()

    def flow(self) -> Flow:
        """The flow that keeps it."""
        data = {"wish": self.wish.model_dump_json(exclude_defaults=True)}
        if self.again:
            data["again"] = "yes"
        return Flow(name=FLOW, state=self.state or State.ORDER, data=data)

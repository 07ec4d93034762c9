"""A conversation given to a person, and given back."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from events.context import Context
from events.identifier import SessionId, TurnId

HANDOFF_FLOW = "handoff"
"""The name of the flow a session is in while a person has it. `Flow.data` holds `opened_at`: the
broker's stamp in milliseconds of the turn that opened it. A release stamped later ends it."""


class Step(StrEnum):
    """Opened by the bot, followed by what the customer says on, released by the person's desk."""

    OPENED = "opened"
    FOLLOWED = "followed"
    RELEASED = "released"


class Handoff(BaseModel):
    """The packet on `chat.handoff`: what a person needs to go on without asking again."""

    model_config = ConfigDict(frozen=True)

    session_id: SessionId
    turn_id: TurnId
    step: Step
    reason: str
    said: str = ""
    context: Context = Context()
    asked_at: int

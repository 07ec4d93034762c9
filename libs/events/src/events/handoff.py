"""A conversation given to a person, and given back."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from events.context import Context
from events.identifier import SessionId, TurnId


class Step(StrEnum):
    """Opened by the bot, released by the person's desk."""

    OPENED = "opened"
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

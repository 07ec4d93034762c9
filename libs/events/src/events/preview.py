"""A sentence shown while a model still writes."""

from pydantic import BaseModel, ConfigDict, Field

from events.identifier import SessionId, TurnId


class Preview(BaseModel):
    """One guarded sentence on `chat.stream`. A higher `epoch` clears what a lower one showed.

    `seq` counts from 0 without gaps within one epoch. Put together without anything between them,
    the pieces of an epoch are the text of that epoch's reply: each brings its own white space.
    """

    model_config = ConfigDict(frozen=True)

    session_id: SessionId
    turn_id: TurnId
    epoch: int = Field(ge=1)
    seq: int = Field(ge=0)
    text: str

"""The shapes of the identifiers that frontends choose."""

from typing import Annotated

from pydantic import StringConstraints

SESSION_PATTERN = r"^[A-Za-z0-9._:-]{1,64}$"

SessionId = Annotated[str, StringConstraints(pattern=SESSION_PATTERN)]
"""Key of every turn topic: 1 to 64 of letters, digits, `.`, `_`, `:`, `-`."""

TurnId = Annotated[str, StringConstraints(pattern=SESSION_PATTERN)]
"""Chosen once per customer message by its frontend and kept on every re-send."""

"""The one failure that the command and the stack raise on purpose."""

FAILURE = 1
ENVIRONMENT = 2


class DevkitError(Exception):
    """Something expected went wrong. The message says what, and what to do about it.

    `exit_code` is 1 for a failure, 2 for a machine or a call that is not as it must be.
    """

    def __init__(self, message: str, *, exit_code: int = FAILURE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def environment_error(message: str) -> DevkitError:
    """The machine lacks something or was asked wrongly: exit code 2."""
    return DevkitError(message, exit_code=ENVIRONMENT)

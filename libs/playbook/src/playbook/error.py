"""What is wrong with a playbook, said so that whoever edits it can put it right."""

from pathlib import Path


class PlaybookError(ValueError):
    """A file of the playbook cannot be used: the message names file, field and remedy."""

    def __init__(self, file: Path, field: str, remedy: str) -> None:
        super().__init__(f"{file}: {field}: {remedy}")
        self.file = file
        self.field = field
        self.remedy = remedy

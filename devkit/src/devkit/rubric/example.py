"""Examples of a use case: what customers wrote, and the answers that were right."""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from devkit.errors import environment_error


class Example(BaseModel):
    """One utterance with the right answer seen.

    `at` is when the answer was right. `entities` are the facts that came with it, as the shop's
    systems hold them: nested objects are rows. A `customer_id` in them says that the session knew
    who asked. `harm_usd` is what a wrong answer here costs the shop, `resolved` whether this answer
    settled the matter, where somebody noted it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    at: datetime | None = None
    entities: dict[str, JsonValue] = {}
    source: str = ""
    harm_usd: float | None = Field(default=None, ge=0)
    label: str = ""
    resolved: bool | None = None


def read_examples(file: Path) -> tuple[Example, ...]:
    """Every row of a JSONL file. Raises DevkitError: file, line, what is wrong."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise environment_error(f"{file} cannot be read: {error}. Check the path.") from error
    return tuple(_row(line, file, n) for n, line in enumerate(lines, start=1) if line.strip())


def _row(line: str, file: Path, number: int) -> Example:
    try:
        return Example.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise environment_error(
            f"{file.name}, line {number}: {where} {first['msg']}. A row is an object with text and "
            "answer."
        ) from error

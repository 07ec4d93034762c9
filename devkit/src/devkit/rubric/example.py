"""Examples of a use case: what customers wrote, and the answers that were right."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from devkit.errors import environment_error


def _placed(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


Words = Annotated[str, Field(pattern=r"\S")]
"""A text that says something: not of spaces alone."""


class Example(BaseModel):
    """One utterance with the right answer seen.

    `at` is when the answer was right, in UTC where it names no zone. `entities` are the facts that
    came with it, as the shop's systems hold them: nested objects are rows. A `customer_id` in them
    says that the session knew who asked. `harm_usd` is what a wrong answer here costs the shop,
    `resolved` whether this answer settled the matter, where somebody noted it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: Words
    answer: Words
    at: Annotated[datetime, AfterValidator(_placed)] | None = None
    entities: dict[str, JsonValue] = {}
    source: str = ""
    harm_usd: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    label: str = ""
    resolved: bool | None = None


def read_examples(file: Path) -> tuple[Example, ...]:
    """Every row of a JSONL file. Raises DevkitError: file, line, what is wrong."""
    try:
        # Not splitlines(): a JSON text may hold other signs that end a line, such as U+2028.
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise environment_error(f"{file} cannot be read: {error}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise environment_error(f"{file} is not UTF-8 text: {error}. Save it as UTF-8.") from error
    return tuple(_row(line, file, n) for n, line in enumerate(lines, start=1) if line.strip())


def _row(line: str, file: Path, number: int) -> Example:
    try:
        return Example.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        problem = f"{where} {first['msg']}".strip()
        raise environment_error(
            f"{file.name}, line {number}: {problem}. A row is an object with text and answer, both "
            "with words in them, on one line."
        ) from error

"""Labelled conversations: one JSON object a line, with its turns in their order."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from classifier.manifest import OUT_OF_SCOPE
from devkit.errors import DevkitError, environment_error

FORM = (
    'Every line is an object like {"id": "c-1", "turns": [{"text": "where is my parcel", "label": '
    '"order_tracking"}]}; a turn may have "acceptable_labels", "must_not" and "replied".'
)


class Turn(BaseModel):
    """What a customer wrote, and what is right.

    `acceptable_labels` are further right ones, `must_not` those that would do harm. `replied` is
    what the shop said, where the next turn leans on it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str = Field(min_length=1, pattern=r"\S")
    label: str = Field(min_length=1)
    acceptable_labels: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    replied: str = ""

    @property
    def accepts(self) -> frozenset[str]:
        """Every label that is right."""
        return frozenset((self.label, *self.acceptable_labels))

    @property
    def in_scope(self) -> bool:
        """Whether the turn is the shop's business."""
        return self.label != OUT_OF_SCOPE


class Conversation(BaseModel):
    """One session."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1)
    turns: tuple[Turn, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Conversations:
    """All of a file, and its SHA-256."""

    all: tuple[Conversation, ...]
    sha256: str

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Every turn, in the order of the file."""
        return tuple(turn for one in self.all for turn in one.turns)

    @classmethod
    def read(cls, file: Path) -> "Conversations":
        """Raises DevkitError naming the line that is not as it must be."""
        try:
            raw = file.read_bytes()
            lines = raw.decode("utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            message = f"--conversations: {file} cannot be read ({error}). {FORM}"
            raise environment_error(message) from error
        found = [_parsed(file, at, line) for at, line in enumerate(lines, 1) if line.strip()]
        _check_ids(file, found)
        return cls(tuple(found), hashlib.sha256(raw).hexdigest())

    def check_labels(self, use_cases: Collection[str]) -> None:
        """Raises DevkitError for a label that the playbook does not have."""
        named = {name for turn in self.turns for name in (*turn.accepts, *turn.must_not)} - set(
            use_cases
        )
        if named:
            raise environment_error(
                f"The conversations have labels that are no use cases of the playbook: "
                f"{', '.join(sorted(named))}. Correct them, or give another --playbook."
            )


def _parsed(file: Path, at: int, line: str) -> Conversation:
    try:
        return Conversation.model_validate_json(line)
    except ValidationError as error:
        raise _bad(file, at, error) from error


def _bad(file: Path, at: int, error: ValidationError) -> DevkitError:
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"])) or "the line"
    return environment_error(f"{file.name}, line {at}: {place}: {first['msg']}. {FORM}")


def _check_ids(file: Path, found: Sequence[Conversation]) -> None:
    seen = set[str]()
    for one in found:
        if one.id in seen:
            raise environment_error(f"{file.name}: the id {one.id!r} occurs twice. Change one.")
        seen.add(one.id)
    if len(found) < 2:
        raise environment_error(
            f"{file.name} has {len(found)} conversations; two or more are needed."
        )

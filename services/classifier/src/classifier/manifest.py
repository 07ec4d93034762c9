"""What lies beside a trained model: labels, temperature, where it comes from, how good it is."""

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

OUT_OF_SCOPE = "out_of_scope"
MANIFEST = "model.json"
NETWORK = "model.onnx"
TOKENIZER = "tokenizer.json"


class ModelError(Exception):
    """The model's folder cannot be served; the message says what to do."""


class Golden(BaseModel):
    """A text and the logits that the exported network gave for it, in the order of the labels."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    logits: tuple[float, ...]


class Corpus(BaseModel):
    """What the model was trained on: SHA-256 over the files, number of rows and of families."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    rows: int
    families: int


class Manifest(BaseModel):
    """The file model.json.

    `files` holds the SHA-256 of the network and of the tokenizer. `temperature` divides the logits
    before the softmax. `max_length` is in tokens, both markers included. `training` names the base
    and the settings, `figures` what was measured (MODEL_CARD.md explains them).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    version: str
    labels: tuple[str, ...] = Field(min_length=2)
    temperature: float = Field(gt=0)
    max_length: int = Field(ge=8, le=512)
    files: dict[str, str]
    data: Corpus
    training: dict[str, str]
    figures: dict[str, float]
    golden: tuple[Golden, ...]

    @model_validator(mode="after")
    def _labels_agree(self) -> Self:
        if len(set(self.labels)) != len(self.labels):
            raise ValueError("a label occurs twice")
        if OUT_OF_SCOPE not in self.labels:
            raise ValueError(f"the label {OUT_OF_SCOPE!r} is missing")
        if any(len(row.logits) != len(self.labels) for row in self.golden):
            raise ValueError("a golden text has not one logit per label")
        return self

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read model.json of `folder` and check the two files it names.

        Raises ModelError when a file is missing, was changed after the export, or does not parse.
        """
        for name in (MANIFEST, NETWORK, TOKENIZER):
            if not (folder / name).is_file():
                raise ModelError(f"{folder / name} is missing. {_REPAIR}")
        try:
            manifest = cls.model_validate_json((folder / MANIFEST).read_bytes())
        except ValidationError as error:
            raise ModelError(f"{folder / MANIFEST} cannot be used: {error}. {_REPAIR}") from error
        for name in (NETWORK, TOKENIZER):
            if digest(folder / name) != manifest.files.get(name):
                raise ModelError(f"{folder / name} is not the file model.json speaks of. {_REPAIR}")
        return manifest


_REPAIR = "Check the folder out again, or train a model: tierwise classifier train."


def check_labels(labels: Collection[str], use_cases: Collection[str]) -> None:
    """Raises ModelError for a label that is no use case: such a turn could not be decided."""
    if unknown := sorted(set(labels) - set(use_cases)):
        raise ModelError(
            f"The model's labels {', '.join(unknown)} are no use cases of the playbook. Add them "
            "to use_cases/, or train a model without them: tierwise classifier train."
        )


def digest(path: Path) -> str:
    """SHA-256 of a file, as hex digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()

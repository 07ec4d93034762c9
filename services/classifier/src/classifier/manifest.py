"""What lies beside a trained model: labels, final score, thresholds, origin, figures."""

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

OUT_OF_SCOPE = "out_of_scope"
MANIFEST = "model.json"
NETWORK = "model.onnx"
TOKENIZER = "tokenizer.json"
KNOWN = "known.npz"
FILES = (NETWORK, TOKENIZER, KNOWN)
QUESTIONS = 2
"""What the final score asks: is the best known label right; if not, is it out of scope?"""


class ModelError(Exception):
    """The model's folder cannot be served; the message says what to do."""


class Golden(BaseModel):
    """A text and the logits that the exported network gave for it, in the order of the labels.

    `second` are those of the second opinion, which reads what places are made of.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    logits: tuple[float, ...]
    second: tuple[float, ...]


class Corpus(BaseModel):
    """What the model was trained on: SHA-256 over the files, number of rows and of families."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    rows: int
    families: int


class Scoring(BaseModel):
    """The final score: two logistic models over standardised features.

    `weights` has one row for each of the two questions (see `QUESTIONS`), one column for each
    feature, in the order of `classifier.scoring.FEATURES`; `center` and `spread` standardise them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    features: tuple[str, ...]
    center: tuple[float, ...]
    spread: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...] = Field(min_length=QUESTIONS, max_length=QUESTIONS)
    bias: tuple[float, ...] = Field(min_length=QUESTIONS, max_length=QUESTIONS)

    @model_validator(mode="after")
    def _wide(self) -> Self:
        widths = {len(self.center), len(self.spread), *map(len, self.weights)}
        if widths != {len(self.features)}:
            raise ValueError("scoring has not one number per feature")
        return self


class Threshold(BaseModel):
    """The least score at which one label is answered, and what that promises.

    `least` None: the model never decides for this label, rules alone do. `error_target` is the
    tolerated share of wrong answers, `bound` the lower confidence bound of the share of right ones
    on `answered` out-of-fold turns, for traffic like these turns (exchangeable with them) and the
    assumed share out of scope. `why` says it for a person.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    least: float | None = Field(default=None, ge=0, le=1)
    error_target: float = Field(gt=0, lt=1)
    answered: int = Field(ge=0)
    bound: float | None = None
    why: str


class Manifest(BaseModel):
    """The file model.json.

    `out_of_scope` names the label of what nobody here answers. `files` holds the SHA-256 of the
    files beside it. `temperature` divides the logits before the softmax. `max_length` is in tokens,
    both markers included. `out_of_scope_share` is the share that thresholds assume in live traffic.
    `training` names the base, the settings, versions and the CPU, `figures` what was measured
    (MODEL_CARD.md explains them).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[4] = 4
    version: str
    labels: tuple[str, ...] = Field(min_length=2)
    out_of_scope: str = OUT_OF_SCOPE
    temperature: float = Field(gt=0)
    max_length: int = Field(ge=8, le=512)
    files: dict[str, str]
    scoring: Scoring
    thresholds: dict[str, Threshold]
    out_of_scope_share: float = Field(ge=0, lt=1)
    data: Corpus
    training: dict[str, str]
    figures: dict[str, float]
    golden: tuple[Golden, ...]

    @model_validator(mode="after")
    def _labels_agree(self) -> Self:
        if len(set(self.labels)) != len(self.labels):
            raise ValueError("a label occurs twice")
        if self.out_of_scope not in self.labels:
            raise ValueError(f"the label {self.out_of_scope!r} is missing")
        if set(self.thresholds) != set(self.labels):
            raise ValueError("there is not one threshold per label")
        widths = {len(one) for row in self.golden for one in (row.logits, row.second)}
        if widths - {len(self.labels)}:
            raise ValueError("a golden text has not one logit per label")
        return self

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read model.json of `folder` and check the files it names.

        Raises ModelError when a file is missing, was changed after the export, or does not parse.
        """
        for name in (MANIFEST, *FILES):
            if not (folder / name).is_file():
                raise ModelError(f"{folder / name} is missing. {_REPAIR}")
        try:
            manifest = cls.model_validate_json((folder / MANIFEST).read_bytes())
        except ValidationError as error:
            why = f"{folder / MANIFEST} cannot be used: {_first(error)}"
            raise ModelError(f"{why}. {_REPAIR}") from error
        for name in FILES:
            if digest(folder / name) != manifest.files.get(name):
                raise ModelError(f"{folder / name} is not the file model.json speaks of. {_REPAIR}")
        return manifest


def _first(error: ValidationError) -> str:
    """The first of what is wrong: a file of another format is wrong in every golden text."""
    one = error.errors()[0]
    where = ".".join(map(str, one["loc"])) or "the file"
    return f"{where}: {one['msg']} ({error.error_count()} such)"


_REPAIR = "Check the folder out again, or train a model: tierwise classifier train."


def check_labels(manifest: Manifest, use_cases: Collection[str]) -> None:
    """Raises ModelError for a label that is no use case: such a turn could not be decided."""
    labels = manifest.labels
    if manifest.out_of_scope != OUT_OF_SCOPE:
        raise ModelError(
            f"The model's label for what is out of scope is {manifest.out_of_scope!r}; a "
            f"playbook's is {OUT_OF_SCOPE!r}. Train with that name: tierwise classifier train."
        )
    if unknown := sorted(set(labels) - set(use_cases)):
        raise ModelError(
            f"The model's labels {', '.join(unknown)} are no use cases of the playbook. Add them "
            "to use_cases/, or train a model without them: tierwise classifier train."
        )


def digest(path: Path) -> str:
    """SHA-256 of a file, as hex digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()

"""Slot grammars: families of paraphrased templates, filled in from lists and the catalogue.

A file `grammars/<label>.yaml` is a list of families: `family`, how many `rows` to draw, the
templates to `say`, and `slots` of its own. `grammars/slots.yaml` holds the slots of all.
"""

import random
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from devkit.training.error import CorpusError
from playbook.catalogue import read_catalogue

SHARED = "slots.yaml"
CATALOGUE = "catalogue/series.jsonl"
LAST_VOLUME = 40
SLOT = re.compile(r"\{(\w+)\}")
TRIES = 20
"""How often a family is drawn anew for a text that is there already."""


class Family(BaseModel):
    """Templates that say the same; `rows` are drawn from them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: str = Field(pattern=r"^[a-z_]+/[^/]+/[^/]+$")
    rows: int = Field(ge=1, le=200)
    say: tuple[str, ...] = Field(min_length=1)
    slots: dict[str, tuple[str, ...]] = {}

    @property
    def label(self) -> str:
        """The first part of the family's name."""
        return self.family.partition("/")[0]


_FAMILIES = TypeAdapter(tuple[Family, ...])
_SLOTS = TypeAdapter(dict[str, tuple[str, ...]])


def expanded(files: Sequence[Path], corpus: Path, taken: Collection[str]) -> list[dict[str, Any]]:
    """The rows of all grammars, the same ones every time.

    Each has text, label, family, slots, and the template: the line with its {slots}.

    `taken` are texts (in small letters) that are there already. Raises CorpusError for a file that
    does not parse, a slot that nobody defines, and a family of another label than its file's name.
    """
    shared = _shared(files, corpus)
    seen = set(taken)
    rows: list[dict[str, Any]] = []
    for file in files:
        if file.name != SHARED:
            for family in _read(file):
                rows += _drawn(family, shared | family.slots, seen, file)
    return rows


def _shared(files: Sequence[Path], corpus: Path) -> dict[str, tuple[str, ...]]:
    found = {"volume": tuple(str(number) for number in range(1, LAST_VOLUME + 1))}
    catalogue = corpus.parent / CATALOGUE
    if catalogue.exists():
        found["title"] = tuple(series.title for series in read_catalogue(catalogue))
    for file in files:
        if file.name == SHARED:
            found |= _parsed(_SLOTS, file)
    return found


def _read(file: Path) -> tuple[Family, ...]:
    families: tuple[Family, ...] = _parsed(_FAMILIES, file)
    for family in families:
        if family.label != file.stem:
            raise CorpusError(f"{file.name}: {family.family} is not of the label {file.stem}")
    return families


def _parsed(kind: TypeAdapter[Any], file: Path) -> Any:
    try:
        return kind.validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise CorpusError(f"{file.name} is no grammar: {error}. See docs/labelling.md.") from error


def _drawn(
    family: Family, slots: Mapping[str, Sequence[str]], seen: set[str], file: Path
) -> Iterator[dict[str, Any]]:
    """Rows of one family; fewer than asked where its templates and slots hold no more."""
    for template in family.say:
        if unknown := set(SLOT.findall(template)) - slots.keys():
            raise CorpusError(
                f"{file.name}: {family.family} uses {{{min(unknown)}}}, which nobody defines. Add "
                f"it to its slots or to {SHARED}."
            )
    dice = random.Random(family.family)
    for number in range(family.rows):
        template = family.say[number % len(family.say)]
        for _ in range(TRIES):
            chosen = {name: dice.choice(slots[name]) for name in SLOT.findall(template)}
            text = template.format_map(chosen)
            if text.strip().lower() not in seen:
                seen.add(text.strip().lower())
                where = {"label": family.label, "family": family.family}
                yield {"text": text, "slots": chosen, "template": template} | where
                break

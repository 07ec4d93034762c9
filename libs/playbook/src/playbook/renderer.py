"""Turns the playbook's templates into plain text.

Replies are plain text and are shown as text, so nothing is escaped for HTML. What a customer wrote
goes through the filter `quoted`.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from playbook.error import PlaybookError

QUOTED_CHARACTERS = 80
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def quoted(value: str) -> str:
    """A customer's words, fit to be repeated: no control or format characters, 80 at most."""
    kept = "".join(" " if unicodedata.category(one)[0] == "C" else one for one in value)
    flat = " ".join(kept.split())
    cut = flat if len(flat) <= QUOTED_CHARACTERS else flat[: QUOTED_CHARACTERS - 1] + "…"
    return f"“{cut}”"


def day(value: date) -> str:
    """A date as the shop writes it: `12 Nov`."""
    return f"{value.day} {MONTHS[value.month - 1]}"


def money(cents: int) -> str:
    """An amount in cents as dollars: `$12.90`."""
    return f"{'-' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


class Renderer:
    """All templates of a shop, compiled once. `given` are the values that every template sees."""

    def __init__(self, folder: Path, given: Mapping[str, Any]) -> None:
        self._folder = folder
        self._environment = _environment()
        self._environment.globals.update(given)
        self._templates = {file.stem: self._read(file) for file in sorted(folder.glob("*.j2"))}

    @property
    def names(self) -> frozenset[str]:
        """The names of all templates."""
        return frozenset(self._templates)

    def _read(self, file: Path) -> Template:
        return self.compiled(file, "template", file.read_text(encoding="utf-8"))

    def compiled(self, file: Path, field: str, text: str) -> Template:
        """A template from a text in a file. Raises PlaybookError where it is none."""
        try:
            return self._environment.from_string(text)
        except TemplateError as error:
            raise PlaybookError(
                file, field, f"is no Jinja2 template; correct it: {error}"
            ) from error

    def text(self, file: Path, field: str, text: str) -> str:
        """A text in a file, rendered with the shop's own values alone. Raises PlaybookError."""
        try:
            return self.compiled(file, field, text).render().strip()
        except TemplateError as error:
            raise PlaybookError(file, field, f"cannot be rendered; correct it: {error}") from error

    def render(self, name: str, **values: Any) -> str:
        """The reply of a template. Raises PlaybookError for an unknown one or a missing value."""
        template = self._templates.get(name)
        if template is None:
            file = self._folder / f"{name}.j2"
            raise PlaybookError(file, "template", "is used but does not exist; add it")
        try:
            return template.render(values).strip()
        except TemplateError as error:
            file = self._folder / f"{name}.j2"
            raise PlaybookError(
                file, "template", f"cannot be rendered; correct it: {error}"
            ) from error


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(quoted=quoted, day=day, money=money)
    return environment

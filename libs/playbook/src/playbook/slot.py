"""Slots: the few things a rule or the classifier reads out of a text, in one normal form."""

import re
from collections.abc import Mapping
from functools import cached_property

from pydantic import ConfigDict, Field, field_validator

from playbook.source import Entry

NOT_ALPHANUMERIC = re.compile(r"[^A-Z0-9]")
STRAIGHT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


class Slot(Entry):
    """One slot. `pattern` is a regular expression without named groups.

    A `code` (an order id) is normalised to upper-case letters and digits.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    pattern: str = Field(min_length=1)
    code: bool = True

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"is no regular expression ({error})") from error
        return pattern

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, ready to search."""
        return re.compile(self.pattern, re.IGNORECASE)

    def normal(self, value: str) -> str:
        """The value in its normal form: `#abc-123` becomes `ABC123`."""
        return NOT_ALPHANUMERIC.sub("", value.upper()) if self.code else value.strip()


def tidy(text: str) -> str:
    """The text as rules see it: single spaces, straight quotes, no space at either end."""
    straight = text if text.isascii() else text.translate(STRAIGHT)
    return " ".join(straight.split())


def find_slots(slots: Mapping[str, Slot], text: str) -> dict[str, str]:
    """The first value of each slot that occurs in a text, in its normal form."""
    tidied = tidy(text)
    found = {name: slot.compiled.search(tidied) for name, slot in slots.items()}
    return {name: slots[name].normal(hit.group()) for name, hit in found.items() if hit}

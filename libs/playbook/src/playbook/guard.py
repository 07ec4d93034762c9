"""What a shop's replies by a model may say and may not: `guard.yaml`."""

import re

from pydantic import Field, field_validator

from playbook.source import Entry


class GuardWords(Entry):
    """guard.yaml. Words are compared without regard to case, unless said otherwise.

    `promises` are regular expressions of what the shop alone may promise, by a name each: a
    sentence with one passes only where the evidence says the same. `names` are capitalised words
    that any reply may hold. `everyday` are titles of the catalogue that are everyday words as well:
    at the start of a sentence they count as words. `courtesies` are sentences, or parts of them,
    that state nothing: warmth may add them.
    """

    promises: dict[str, str] = Field(min_length=1)
    names: frozenset[str] = frozenset()
    everyday: frozenset[str] = frozenset()
    courtesies: tuple[str, ...] = ()

    @field_validator("promises")
    @classmethod
    def _compile(cls, promises: dict[str, str]) -> dict[str, str]:
        for name, pattern in promises.items():
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{name} is no regular expression ({error})") from error
        return promises

"""What a shop's replies by a model may say and may not: `guard.yaml`."""

import re

from pydantic import Field, field_validator

from playbook.source import Entry


class GuardWords(Entry):
    """guard.yaml. Words are compared without regard to case, unless said otherwise.

    `promises` are regular expressions of what the shop alone may promise, by a name each: a
    sentence with one passes only where the evidence says the same. `names` are capitalised words
    that any reply may hold. `everyday` are titles of the catalogue that are everyday words as well:
    at the start of a sentence they count as words. `honest` are regular expressions of a "not"
    that needs no evidence ("I don't know"). `courtesies` are regular expressions of whole clauses
    that state nothing: warmth may add them.
    """

    promises: dict[str, str] = Field(min_length=1)
    names: frozenset[str] = frozenset()
    everyday: frozenset[str] = frozenset()
    honest: tuple[str, ...] = ()
    courtesies: tuple[str, ...] = ()

    @field_validator("promises")
    @classmethod
    def _compile_named(cls, promises: dict[str, str]) -> dict[str, str]:
        return _compiled(promises)

    @field_validator("courtesies", "honest")
    @classmethod
    def _compile_all(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        _compiled({f"number {place}": one for place, one in enumerate(patterns, 1)})
        return patterns


def _compiled(patterns: dict[str, str]) -> dict[str, str]:
    for name, pattern in patterns.items():
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"{name} is no regular expression ({error})") from error
    return patterns

"""One policy: a fact of the shop that is told in its own words. One YAML file each."""

from pydantic import Field

from playbook.source import Entry


class Policy(Entry):
    """A policy. `text` may use the facts of shop.yaml and is plain text once the shop is loaded.

    `asks` are ways in which customers ask for it: the matcher compares with them.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str = Field(min_length=1)
    text: str = Field(min_length=1)
    asks: tuple[str, ...] = Field(min_length=5)

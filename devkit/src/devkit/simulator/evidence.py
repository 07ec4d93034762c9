"""What a profile reads out of a prompt: the task, the evidence, the customer's words.

The tags are those that the models' tier writes; all text between them is escaped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from devkit.simulator.ask import Prompt

ITEM = re.compile(r"<item\b([^>]*)>(.*?)</item>", re.S)
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True)
class Item:
    """One piece of evidence."""

    kind: str
    ref: str
    title: str
    text: str


@dataclass(frozen=True)
class Asked:
    """A prompt as a profile sees it. Without tags, the whole message is the customer's words."""

    task: str
    items: tuple[Item, ...]
    said: tuple[str, ...]
    plain: str
    customer: str
    system: str
    user: str


def read(prompt: Prompt) -> Asked:
    """The parts of the last message and the system prompt."""
    user = prompt.user_text
    return Asked(
        task=_tag(user, "task") or "compose",
        items=tuple(_items(_tag(user, "evidence", raw=True))),
        said=tuple(
            unescape(text).strip() for text in re.findall(r"<said>(.*?)</said>", user, re.S)
        ),
        plain=_tag(user, "plain"),
        customer=_tag(user, "customer") if "<customer>" in user else user,
        system=prompt.system_text,
        user=user,
    )


def _tag(text: str, name: str, *, raw: bool = False) -> str:
    found = re.search(rf"<{name}>(.*?)</{name}>", text, re.S)
    inner = found.group(1).strip() if found else ""
    return inner if raw else unescape(inner)


def _items(evidence: str) -> Iterator[Item]:
    for attributes, text in ITEM.findall(evidence):
        given = {name: unescape(value) for name, value in ATTRIBUTE.findall(attributes)}
        yield Item(
            kind=given.get("kind", ""),
            ref=given.get("ref", ""),
            title=given.get("title", ""),
            text=unescape(text).strip(),
        )

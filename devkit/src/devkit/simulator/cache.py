"""The prompt cache: what of a prompt is read from it, and what is written to it."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from devkit.simulator.ask import Prompt
from devkit.simulator.model import Model
from devkit.simulator.tokens import tokens_of

TTL_S = 300.0
LOOK_BACK = 20
"""So many blocks before a breakpoint are compared with what is cached, as the provider does."""


@dataclass(frozen=True)
class Prefix:
    """The beginning of a prompt up to one block, by digest, with its length in tokens."""

    digest: bytes
    tokens: int


@dataclass(frozen=True)
class Counted:
    """The input of one call. `plain`, `read` and `written` tokens are billed apart."""

    plain: int
    read: int = 0
    written: int = 0
    kept: tuple[Prefix, ...] = ()
    """What is in the cache once the answer begins."""

    @property
    def tokens(self) -> int:
        """All three together."""
        return self.plain + self.read + self.written


class PromptCache:
    """One organisation's cache. `now` gives seconds; a use keeps an entry for five minutes more."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._until: dict[tuple[str, bytes], float] = {}

    def count(self, prompt: Prompt, model: Model) -> Counted:
        """What this prompt is billed, by what is cached now."""
        blocks, marked = prefixes(prompt)
        total = blocks[-1].tokens
        if not marked or blocks[marked[-1]].tokens < model.spec.cache_minimum_tokens:
            return Counted(plain=total)
        last = blocks[marked[-1]]
        hit = self._longest(blocks, marked, model)
        read = hit.tokens if hit else 0
        kept = (last, *(blocks[place] for place in marked[:-1]), *((hit,) if hit else ()))
        return Counted(total - last.tokens, read, last.tokens - read, kept)

    def keep(self, counted: Counted, model: Model) -> None:
        """From now on it is cached, or cached for longer."""
        least = model.spec.cache_minimum_tokens
        for prefix in counted.kept:
            if prefix.tokens >= least:
                self._until[model.name, prefix.digest] = self._now() + TTL_S

    def clear(self) -> None:
        """Forget everything."""
        self._until.clear()

    def _longest(self, blocks: list[Prefix], marked: list[int], model: Model) -> Prefix | None:
        near = {at for end in marked for at in range(max(0, end - LOOK_BACK), end + 1)}
        live = [blocks[at] for at in sorted(near) if self._lives(blocks[at], model)]
        return live[-1] if live else None

    def _lives(self, prefix: Prefix, model: Model) -> bool:
        return self._until.get((model.name, prefix.digest), 0.0) > self._now()


def prefixes(prompt: Prompt) -> tuple[list[Prefix], list[int]]:
    """The prefix that ends with each block, and which blocks are breakpoints."""
    digest, characters = sha256(), ""
    found: list[Prefix] = []
    marked: list[int] = []
    for place, (role, block) in enumerate(prompt.blocks()):
        digest.update(f"{role}\0{block.text}\0".encode())
        characters += block.text
        found.append(Prefix(digest.digest(), tokens_of(characters)))
        if block.cache_control:
            marked.append(place)
    if prompt.cache_control and len(found) - 1 not in marked:
        marked.append(len(found) - 1)
    return found, marked

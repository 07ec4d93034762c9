"""All that the simulated provider holds while it runs."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from devkit.simulator.book import Book
from devkit.simulator.cache import PromptCache
from devkit.simulator.fault import Faults
from devkit.simulator.model import Models
from devkit.simulator.pace import Pace
from devkit.simulator.profiles import Choice
from devkit.simulator.quota import Quota


@dataclass
class Provider:
    """Models, their quotas and pace, the prompt cache, faults, the book, who writes."""

    models: Models
    pace: Pace
    book: Book
    choice: Choice
    now: Callable[[], float] = time.monotonic
    cache: PromptCache = field(init=False)
    faults: Faults = field(init=False)
    quotas: dict[str, Quota] = field(init=False)

    def __post_init__(self) -> None:
        self.first_choice = self.choice
        self.cache = PromptCache(self.now)
        self.faults = Faults(self.now)
        self.quotas = self._full()

    def reset(self) -> None:
        """A new book, no fault, an empty cache, full quotas, the profile of the start."""
        self.book.clear()
        self.faults.clear()
        self.cache.clear()
        self.quotas = self._full()
        self.choice = self.first_choice

    def _full(self) -> dict[str, Quota]:
        return {model.name: Quota(model, self.now) for model in self.models}

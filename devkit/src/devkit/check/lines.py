"""Lines about books, with what their answer must say: taken from the catalogue itself."""

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from devkit.check.account import Expected
from devkit.check.script import Line
from events.tier import Tier
from playbook.catalogue import read_catalogue
from playbook.series import Series

CATALOGUE = Path("catalogue") / "series.jsonl"
TITLES = (
    "Vinland Saga",
    "Naruto",
    "Tokyo Ghoul",
    "Spy x Family",
    "Fullmetal Alchemist",
    "Death Note",
    "Vagabond",
    "Attack on Titan",
    "Chainsaw Man",
    "Jujutsu Kaisen",
    "Haikyu!!",
)
"""Series whose titles mean nothing else, so that no question comes back."""

FACTS: tuple[tuple[str, Callable[[Series], str]], ...] = (
    ("Tell me about {title} volume {volume}", lambda series: series.title),
    ("How many volumes does {title} have?", lambda series: str(series.volumes)),
    ("Who wrote {title}?", lambda series: series.authors[0]),
    ("How much is {title} volume {volume}?", lambda series: series.title),
    ("Do you have {title} volume {volume} in stock?", lambda series: series.title),
)
"""What a field of catalogue or stock answers, and a word of that answer."""

COMPOSED = ("Is {title} about friendship?", "Is {title} about war?", "Is {title} about revenge?")
"""What no field answers: the small model does, from the evidence."""

WISHES = (
    "I'm looking for something like {title} but less violent",
    "Can you recommend me something like {title}?",
    "I want a series similar to {title}",
)


class Lines:
    """Lines about some series of a catalogue."""

    def __init__(self, series: Sequence[Series]) -> None:
        self._series = series
        self._of: Mapping[str, Callable[[random.Random], Line]] = {
            "product": self.product,
            "composed": self.composed,
            "recommend": self.recommend,
        }

    @classmethod
    def read(cls, playbook: Path) -> "Lines":
        """Those of a playbook's catalogue. Raises PlaybookError."""
        series = read_catalogue(playbook / CATALOGUE)
        return cls([one for one in series if one.title in TITLES])

    def of(self, kind: str, dice: random.Random) -> Line:
        """One of a kind: product, composed or recommend."""
        return self._of[kind](dice)

    def product(self, dice: random.Random) -> Line:
        """A line that retrieval answers with a field."""
        series = dice.choice(self._series)
        text, word = dice.choice(FACTS)
        volume = dice.randint(1, series.volumes or 1)
        said = text.format(title=series.title, volume=volume)
        return said, Expected(use_case="product_info", tier=Tier.RAG, mentions=word(series))

    def composed(self, dice: random.Random) -> Line:
        """A line that the small model answers."""
        said = dice.choice(COMPOSED).format(title=dice.choice(self._series).title)
        return said, Expected(use_case="product_info", tier=Tier.LLM)

    def recommend(self, dice: random.Random) -> Line:
        """A line that the large model answers."""
        said = dice.choice(WISHES).format(title=dice.choice(self._series).title)
        return said, Expected(use_case="recommendation", tier=Tier.LLM)

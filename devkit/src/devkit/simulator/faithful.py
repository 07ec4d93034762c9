"""The faithful profile: says what the evidence says, and nothing else."""

from collections.abc import Iterator
from random import Random

from devkit.simulator.evidence import Asked, Item
from devkit.simulator.profile import Written
from devkit.simulator.sentence import ended, sentences, words
from devkit.simulator.warmth import warmed

MOST_SERIES = 5
MOST_SENTENCES = 3
FACTS_CHARACTERS = 85
"""Five series with so many characters each make an answer of some 130 tokens."""

OPENINGS = (
    "Here are some series that come close to what you describe.",
    "These should suit what you are looking for.",
    "I would start with these.",
)
UNKNOWN = "I do not know that: what I have here does not say."


def faithful(asked: Asked, chance: Random) -> Written:
    """Warmth around the plain text, a list of series, or the sentences that fit the question."""
    if asked.task == "warm":
        return Written(warmed(asked.plain, asked.customer, chance))
    series = _candidates(asked)
    if asked.task == "answer" and len(series) > 1:
        return Written(_recommended(series, chance))
    return Written(_composed(asked))


def _candidates(asked: Asked) -> list[Item]:
    """The series that the customer did not name: what one is compared with is no suggestion."""
    said = asked.customer.lower()
    return [one for one in asked.items if one.kind == "series" and one.title.lower() not in said]


def _recommended(series: list[Item], chance: Random) -> str:
    lines = [f"{one.title}: {ended(_facts(one.text))}" for one in series[:MOST_SERIES]]
    return "\n".join((chance.choice(OPENINGS), *lines))


def _facts(text: str) -> str:
    """As many of the first facts as fit into a line, at least one."""
    chosen = ""
    for fact in sentences(text):
        longer = f"{chosen.rstrip('.')}; {fact}" if chosen else fact
        if chosen and len(longer) > FACTS_CHARACTERS:
            break
        chosen = longer
    return chosen


def _composed(asked: Asked) -> str:
    """The best sentences; a title is named where the sentence before it did not."""
    ranked = sorted(_fits(asked.items, words(asked.customer)), key=lambda fit: -fit[0])
    if not ranked:
        return UNKNOWN
    text, title = [], ""
    for fit, item, sentence in ranked[:MOST_SENTENCES]:
        if fit >= ranked[0][0] / 2:
            text.append(ended(sentence if item.title == title else _named(item, sentence)))
            title = item.title
    return " ".join(text)


def _fits(items: tuple[Item, ...], question: frozenset[str]) -> Iterator[tuple[float, Item, str]]:
    """How well each sentence fits, of those that share a word with the question, titles aside."""
    for item in items:
        title = words(item.title)
        for sentence in sentences(item.text):
            shared = len((words(sentence) - title) & question)
            if shared:
                yield shared + len(title & question) / 2, item, sentence


def _named(item: Item, sentence: str) -> str:
    named = item.kind not in ("series", "volume") or item.title.lower() in sentence.lower()
    return sentence if named else f"{item.title}: {sentence}"

"""What to read: candidates for the large model, or their list in the shop's own words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from events.context import Context
from events.task import Task
from events.tier import Tier
from events.turn import Turn
from playbook.series import Series
from rag.books.question import GENERAL
from rag.books.subject import SERIES
from rag.evidence import series_finding
from rag.index.shelf import Shelf
from rag.kit import Kit
from rag.matching.lists import listed
from rag.matching.matcher import Mention
from rag.matching.strange import strange_title
from rag.matching.volume import without
from rag.matching.words import words
from rag.reply import left, routed, sources_of
from rag.suggesting.recommend import Pick, picks_for
from rag.suggesting.wish import Wish, read_wish, says_more
from worker.handler import Outcome

LIKE, SHOWN, WISHED = "like", "shown", "wished"
"""Names in the session's entities: what suggestions were like, what was suggested, what was wished
for, so that "another one?" keeps to it."""

MOST_SHOWN = 15
MOST_WISHED = 200
GOES_ON = re.compile(
    r"^(?:and\b|no\b|another|other|maybe|only|less|more|too|cheaper|hm\b|what else|that's|but\b"
    r"|with(?:out)?\b|i don't like|do you have something"
    r"|(?:something|anything) (?:else|different|\w+er\b|more|less|with))",
    re.IGNORECASE,
)
GOES_ON_WORDS = 9
COMPARES = re.compile(
    r"\b(?:like|similar|liked|loved|finished|after|vein of|style of)\b", re.IGNORECASE
)
SIMILAR = re.compile(
    r"\bsimilar\b(?! to (?:my|your)\b)|\b(?:more|anything|something|others?|books?|series|manga) "
    r"like (?:it|this|that|these|those)\b",
    re.IGNORECASE,
)

FILLER = GENERAL | listed("filler")
"""Words that ask for something to read and say nothing of what it should be."""


async def suggested(turn: Turn, kit: Kit) -> Outcome:
    """Five candidates to the large model, or their list where this tier is to answer itself.

    Asks one question where the wish says nothing. Raises Unavailable.
    """
    shelf = kit.shelf()
    mentions = shelf.find(turn.text)
    rest = without(turn.text, mentions)
    strange = strange_title(turn.text, mentions)
    seeds = _seeds(shelf, mentions)
    if not seeds and not mentions and not strange:
        seeds = _meant(turn, shelf)
    asked = _asked(turn, rest, seeds, shelf)
    wish = asked.wish
    unknown = None if wish.seeds else strange
    if unknown and COMPARES.search(turn.text) and not wish.says_anything:
        return turn.reply(kit.desk.unknown_taste(unknown), leaves=_left(turn, asked, ()))
    if not wish.says_anything and not says_more(rest, FILLER):
        return turn.reply(kit.desk.tastes(), leaves=_left(turn, asked, ()))
    picks = await picks_for(wish, _description(asked), shelf, kit.search)
    if not picks:
        return turn.reply(kit.desk.no_pick(), leaves=_left(turn, asked, ()))
    return _outcome(turn, asked, picks, kit)


@dataclass(frozen=True)
class Asked:
    """A wish and the words it was read from, those of earlier turns included."""

    wish: Wish
    words: str


def _asked(turn: Turn, rest: str, seeds: tuple[Series, ...], shelf: Shelf) -> Asked:
    """The wish in the turn; "something shorter?" goes on with the wish before."""
    before, vocabulary = turn.context.entities, shelf.vocabulary
    short = len(words(turn.text)) <= GOES_ON_WORDS
    if seeds or not short or SHOWN not in before or not GOES_ON.match(turn.text):
        return Asked(read_wish(rest, seeds, vocabulary), rest)
    told = f"{before.get(WISHED, '')}. {rest}"
    known = (shelf.get(one) for one in before.get(LIKE, "").split(","))
    wish = read_wish(told, tuple(one for one in known if one), vocabulary)
    return Asked(replace(wish, shown=frozenset(before[SHOWN].split(","))), told)


def _description(asked: Asked) -> str | None:
    """The words to search by, where they tell of a story and not only of bounds."""
    wish = asked.wish
    if wish.seeds and (_only_bounds(wish) or not says_more(asked.words, FILLER)):
        return None
    return asked.words


def _outcome(turn: Turn, asked: Asked, picks: Sequence[Pick], kit: Kit) -> Outcome:
    series, seeds = tuple(pick.series for pick in picks), asked.wish.seeds
    plain = turn.reply(
        kit.desk.picks(series, seeds),
        sources=sources_of(series),
        leaves=_left(turn, asked, series),
    )
    if turn.decision is None or turn.decision.tier is not Tier.LLM:
        return plain
    findings = [series_finding(pick.series, pick.score) for pick in picks]
    findings += [series_finding(seed) for seed in seeds]
    return routed(turn, Task.ANSWER, findings, plain)


def _seeds(shelf: Shelf, mentions: Sequence[Mention]) -> tuple[Series, ...]:
    """What the turn surely names; of several named alike, the one of the shortest title."""
    found = {
        min(mention.series, key=lambda one: len(shelf.series[one].title)): None
        for mention in mentions
        if mention.sure
    }
    return tuple(shelf.series[one] for one in found)


def _meant(turn: Turn, shelf: Shelf) -> tuple[Series, ...]:
    """The series talked about, where the turn asks for its like and names none."""
    if not SIMILAR.search(turn.text):
        return ()
    meant = shelf.get(turn.slots.get(SERIES) or turn.context.entities.get(SERIES))
    return (meant,) if meant else ()


def _only_bounds(wish: Wish) -> bool:
    """Whether all that is said beside the seeds are bounds: their words say nothing of a story."""
    bounds = (wish.violence_below, wish.violence_above, wish.volumes_below, wish.volumes_above)
    bound = wish.finished or any(one is not None for one in bounds)
    return bool(wish.seeds) and bound and not wish.themes


def _left(turn: Turn, asked: Asked, picks: Sequence[Series]) -> Context:
    shown = [*sorted(asked.wish.shown), *(one.id for one in picks)][-MOST_SHOWN:]
    like = ",".join(seed.id for seed in asked.wish.seeds)
    wished = " ".join(asked.words.split())[-MOST_WISHED:]
    return left(turn, {LIKE: like or None, SHOWN: ",".join(shown) or None, WISHED: wished or None})

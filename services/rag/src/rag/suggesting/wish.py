"""What a customer wants to read, out of the words: like what, and under which conditions."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from playbook.series import Series
from rag.matching.volume import CARDINALS
from rag.matching.words import words
from rag.suggesting.tastes import avoided, wanted

LESS = (
    r"(?:less|not (?:so|too|as|that)|without(?: the| so much| all the)?|no|minus|hates?|don't like"
    r"|fewer?)"
)
LESS_VIOLENT = re.compile(
    rf"\b{LESS} (?:\w+ )?(?:violen\w+|gor[ey]\w*|blood\w*|brutal\w*|graphic|disgusting|fighting)\b"
    r"|\b(?:softer|gentler|calmer|tamer|milder|lighter|easier on|friendlier|non-?violent)\b",
    re.IGNORECASE,
)
MORE_VIOLENT = re.compile(
    r"\bmore (?:violen\w+|gor[ey]\w*|blood\w*|brutal)\b|\b(?:bloodier|gorier)\b", re.IGNORECASE
)
SHORTER = re.compile(
    r"\bshorter\b|\bnot so long\b|\bless long\b|\btoo long\b|\bfewer volumes\b", re.IGNORECASE
)
SHORT = re.compile(
    r"\bshort\b(?! and classy)|\bone-?shots?\b|\bquick read\b|\bin one book\b", re.IGNORECASE
)
LONG = re.compile(
    r"\b(?:long series|lots of volumes|many volumes|really long|a long (?:one|series))\b",
    re.IGNORECASE,
)
LONGER = re.compile(r"\blonger\b", re.IGNORECASE)
MOST = re.compile(
    r"\b(?:max(?:imum)?|at most|no more than|up to|(under|below|less than|fewer than))\.? "
    r"(\d{1,3}) (?:vol\w*|books?)\b",
    re.IGNORECASE,
)
FINISHED = re.compile(
    r"\b(?:finished|complete[d]?|concluded|already ended|has an end(?:ing)?)\b", re.IGNORECASE
)
I_FINISHED = re.compile(
    r"\b(?:i(?:'ve| have)?(?: just)?|just|my order of .{2,40} is done) (?:finished|completed)\b",
    re.IGNORECASE,
)
AGE = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(CARDINALS)})[- ]?(?:years?|yrs?|y/?o)\b"
    r"|\b(?:is|aged?|turning|turns|of) (\d{1,2})\b(?! (?:vol|book|euro|dollar))"
    r"|\bgirls? (\d{1,2})\b",
    re.IGNORECASE,
)
CHILD = re.compile(
    r"\b(?:kids?|child(?:ren)?|toddler|primary school|little (?:boy|girl|brother|sister))\b",
    re.IGNORECASE,
)
NOT_CHILD = re.compile(r"\bas a (?:kid|child)\b|\bchildhood\b", re.IGNORECASE)
TEEN = re.compile(r"\b(?:teens?|teenagers?)\b", re.IGNORECASE)
DEMOGRAPHICS = {
    "shounen": re.compile(r"\bshou?nen\b", re.IGNORECASE),
    "shoujo": re.compile(r"\bshou?jo\b", re.IGNORECASE),
    "seinen": re.compile(r"\bseinen\b|\bfor adults\b|\bgrown[- ]ups?\b", re.IGNORECASE),
    "josei": re.compile(r"\bjosei\b", re.IGNORECASE),
}

CLEARLY = 15.0
"""Less violent is clearly less: so many points below the series that is compared with, where it has
so many to spare."""

MILD = 30.0
"""The most violence in an answer to "less violent" that compares with nothing."""

SHORT_VOLUMES, LONG_VOLUMES = 8, 25
CHILD_AGE, TEEN_AGE, GROWN = 10, 14, 16
BY_AGE = ((10, 15.0), (13, 30.0), (GROWN, 60.0))
"""Below this age, at most so much violence. The shop's own estimate, on the catalogue's scale."""


@dataclass(frozen=True)
class Wish:
    """Conditions on a suggestion. Volumes and violence are bounds, ends included unless `below`.

    `seeds` are what it should be like, `themes` what it should hold, `avoid` what it should not,
    `shown` what was suggested before. `age` is the reader's, in years.
    """

    seeds: tuple[Series, ...] = ()
    themes: frozenset[str] = frozenset()
    avoid: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    demographic: str | None = None
    finished: bool = False
    age: int | None = None
    violence_below: float | None = None
    violence_above: float | None = None
    volumes_below: int | None = None
    volumes_above: int | None = None

    @property
    def says_anything(self) -> bool:
        """Whether there is anything to choose by."""
        return self != Wish(shown=self.shown)


def read_wish(rest: str, seeds: tuple[Series, ...], vocabulary: Collection[str]) -> Wish:
    """The wish in a text without its titles; `vocabulary` are the catalogue's genres and themes."""
    avoid = avoided(rest, vocabulary)
    wish = Wish(
        seeds=seeds,
        themes=wanted(rest, vocabulary) - avoid,
        avoid=avoid,
        demographic=next((d for d, pattern in DEMOGRAPHICS.items() if pattern.search(rest)), None),
        finished=bool(FINISHED.search(I_FINISHED.sub("", rest))),
        age=_age(rest),
    )
    return _long_enough(_mild_enough(wish, rest), rest)


def _mild_enough(wish: Wish, rest: str) -> Wish:
    least = min((seed.violence for seed in wish.seeds), default=None)
    if LESS_VIOLENT.search(rest):
        cap = MILD if least is None else max(least - CLEARLY, least / 2)
        wish = replace(wish, violence_below=cap)
    elif MORE_VIOLENT.search(rest) and least is not None:
        wish = replace(wish, violence_above=least)
    caps = [cap for age, cap in BY_AGE if wish.age is not None and wish.age < age]
    known = [cap for cap in (wish.violence_below, *caps[:1]) if cap is not None]
    return replace(wish, violence_below=min(known, default=None))


def _long_enough(wish: Wish, rest: str) -> Wish:
    counts = [seed.volumes for seed in wish.seeds if seed.volumes]
    if found := MOST.search(rest):
        return replace(wish, volumes_below=int(found[2]) + (not found[1]))
    if SHORTER.search(rest) and counts:
        return replace(wish, volumes_below=min(counts))
    if SHORT.search(rest) or SHORTER.search(rest):
        return replace(wish, volumes_below=SHORT_VOLUMES + 1)
    if LONGER.search(rest) and counts:
        return replace(wish, volumes_above=max(counts))
    if LONG.search(rest):
        return replace(wish, volumes_above=LONG_VOLUMES - 1)
    return wish


def _age(rest: str) -> int | None:
    """The reader's age: as it is told, else by the word for it."""
    ages = [_years(*found.groups()) for found in AGE.finditer(rest)]
    known = [age for age in ages if age is not None]
    if known:
        return min(known)
    if CHILD.search(rest) and not NOT_CHILD.search(rest):
        return CHILD_AGE
    return TEEN_AGE if TEEN.search(rest) else None


def _years(*groups: str | None) -> int | None:
    told = next((one for one in groups if one), "").lower()
    if told in CARDINALS:
        return CARDINALS.index(told) + 1
    return int(told) if told.isdigit() and 2 <= int(told) <= 99 else None


def says_more(rest: str, filler: frozenset[str]) -> bool:
    """Whether a text describes anything at all, beside asking for something."""
    return sum(word.text not in filler and not word.text.isdigit() for word in words(rest)) > 0

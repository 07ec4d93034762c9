"""Which books of an order a text names: by volume, by title, by place in a list, or all of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from order.returns.facts import Bought, Item

ONE_TO_TEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
WORDS = {word: number for number, word in enumerate(ONE_TO_TEN, start=1)}
SPELLED = re.compile(rf"(?:(?<=\bvolume )|(?<=\bnumber )|^)(?:{'|'.join(WORDS)})\b")
SPAN = re.compile(r"(\d{1,3})\s*(?:-|–|to|through)\s*(?:vol(?:ume)?\.?\s*)?(\d{1,3})")
NUMBER = re.compile(r"\d{1,3}")
VOLUME = r"(?:vol(?:ume)?s?\.?|numbers?|books?|parts?|#|no\.|nr\.?)\s*"
ONE = r"\d{1,3}\b(?!\s*(?:days?|weeks?|months?|years?|hours?|times|copies)\b)"
"""A number that counts no days or copies."""

LIST = (
    rf"(?P<list>{ONE}(?:\s*(?:,|and|&|\+|/|-|–|to|through)\s*(?:and\s+)?"
    rf"(?:{VOLUME})?{ONE})*)"
)
VOLUMES = re.compile(rf"(?<!\w){VOLUME}{LIST}")
ORDER_ID = re.compile(r"#?\b(?!vol)[a-z]{3}-?\d{3}\b")

INSTEAD = re.compile(
    r"\b(?:exchang\w*|swap\w*|chang\w*|replac\w*|trad\w*)\b[^.?!]*?\b(?:for|with|to|by|against)\s+"
    rf"(?:[\w',]+\s+){{0,4}}?(?:{VOLUME})?(?P<number>\d{{1,3}})\b"
)
"""What is wanted in exchange: "swap volume 2 for volume 3"."""

ALL = re.compile(
    r"\ball (?:of (?:it|them|these|those|the|my)|the (?:books|volumes)|(?:two|three|four|five)\b)"
    r"|\beverything\b|\b(?:whole|entire|complete) (?:order|lot|thing|set|series|parcel)\b|^all\W*$"
)
BOTH = re.compile(r"\bboth\b")
BOTH_ARE = 2
ORDINALS = (
    ("first", "1st", "former"),
    ("second", "2nd"),
    ("third", "3rd"),
    ("fourth", "4th"),
    ("fifth", "5th"),
)
PLACES = {word: at for at, words in enumerate(ORDINALS) for word in words}
LAST = ("last", "latter")
PLACE = re.compile(rf"\b({'|'.join((*PLACES, *LAST))})\b")
DIGIT = re.compile(r"^\W*([1-9])\W*$")


@dataclass(frozen=True)
class Named:
    """What a text names: lines of the order, and volumes that the order does not have.

    `titled`: it names a title of the order. `instead` is a volume it asks for in exchange.
    """

    lines: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    instead: int | None = None
    titled: bool = False


def named(text: str, order: Bought, *, by_place: bool = False) -> Named:
    """What a text in plain form names of an order.

    `by_place`: the text answers a list of the order's books, so "the second one" means something.
    """
    text = SPELLED.sub(lambda word: str(WORDS[word.group()]), ORDER_ID.sub(" ", text))
    wanted = INSTEAD.search(text)
    if wanted:
        text = text[: wanted.start("number")] + text[wanted.end("number") :]
    titles = [series for series in {item.series for item in order.lines} if _title(series, text)]
    numbers = _numbers(text, titles)
    found = _found(text, order, titles, numbers)
    if not found and by_place:
        found = _placed(text, order.left)
    volumes = {item.volume for item in order.lines}
    return Named(
        lines=tuple(item.line_no for item in found),
        others=tuple(sorted(number for number in numbers if number not in volumes)),
        instead=int(wanted["number"]) if wanted else None,
        titled=bool(titles),
    )


def place(text: str, count: int) -> int | None:
    """Which of `count` listed things a text means, from 0; None where it means none."""
    if digit := DIGIT.match(text):
        at = int(digit[1]) - 1
    elif word := PLACE.search(text):
        at = count - 1 if word[1] in LAST else PLACES[word[1]]
    else:
        return None
    return at if 0 <= at < count else None


def first_number(text: str) -> int | None:
    """The first number of a text that is nothing but a volume's ("3", "volume three, please")."""
    spelled = SPELLED.sub(lambda word: str(WORDS[word.group()]), ORDER_ID.sub(" ", text))
    found = NUMBER.search(spelled)
    return int(found.group()) if found else None


def _found(text: str, order: Bought, titles: list[str], numbers: set[int]) -> tuple[Item, ...]:
    of_titles = tuple(item for item in order.lines if not titles or item.series in titles)
    if numbers:
        hits = tuple(item for item in of_titles if item.volume in numbers)
        return hits if len({item.volume for item in hits}) == len(hits) or titles else ()
    left = tuple(item for item in of_titles if item.label_no is None)
    if ALL.search(text) or (BOTH.search(text) and len(left) == BOTH_ARE):
        return left
    return of_titles if titles and len(of_titles) == 1 else ()


def _placed(text: str, left: tuple[Item, ...]) -> tuple[Item, ...]:
    at = place(text, len(left))
    return () if at is None else (left[at],)


def _title(series: str, text: str) -> re.Match[str] | None:
    return re.search(rf"(?<!\w){_words(series)}(?!\w)", text)


def _words(series: str) -> str:
    """A pattern of a title's words, whatever stands between them."""
    return r"\W+".join(re.escape(word) for word in re.findall(r"\w+", series.lower()))


def _numbers(text: str, titles: Iterable[str]) -> set[int]:
    after = [re.compile(rf"(?<!\w){_words(one)}\W*,?\s*(?:{VOLUME})?{LIST}") for one in titles]
    lists = [hit["list"] for pattern in (VOLUMES, *after) for hit in pattern.finditer(text)]
    return {number for one in lists for number in _listed(one)}


def _listed(numbers: str) -> set[int]:
    """The numbers of `1, 3-5 and 7`."""
    listed = {int(number) for number in NUMBER.findall(numbers)}
    for first, last in SPAN.findall(numbers):
        listed |= set(range(int(first), int(last) + 1))
    return listed

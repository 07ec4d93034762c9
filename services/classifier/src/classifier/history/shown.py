"""The list that the shop showed last, as a question that was asked or could have been."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from classifier.history.frame import OTHER
from classifier.history.mentions import Mention, books_in, orders_in
from classifier.history.options import chosen
from classifier.history.other import other_of
from classifier.history.subject import ORDER_ID, SERIES, TITLE
from classifier.history.wanted import SUGGESTS, concerned, titles_of
from classifier.spelling import spellings
from events.context import Context, Option, Question
from playbook.shop import Shop
from playbook.titles import folded

PRODUCTS = "product_info"
"""The use case that tells of a series; a shop without it has no list to choose one from."""

USE_CASE = "use_case"
ASKED_OF_LIST = ("order_id", "item", "series", "title")
"""How the slots end that a list of things can answer."""

LINE = re.compile(r"(?:^|\n)\s*(\d{1,2})[.)]\s+([^\n]+)")
TITLE_ENDS = re.compile(r"\s*(?:[:(,;–—|]| - | by ).*$")
BY_AUTHOR = re.compile(r"\S by \S")


@dataclass(frozen=True)
class Shown:
    """A list that was shown, as a question; `things` are the slots of an option by its value."""

    question: Question
    things: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def chosen(self, context: Context, text: str) -> dict[str, str] | None:
        """The slots of the option that a text chooses, or None where it chooses none."""
        option = chosen(self.question, context, text)
        if option is None:
            return None
        return dict(self.things.get(option.value, {self.question.slot: option.value}))


def shown(shop: Shop, context: Context) -> Shown | None:
    """The open question with its options, else what the last reply listed."""
    question = context.question
    if question and (question.options or question.slot == USE_CASE):
        return Shown(question)
    found = listed(shop, context, context.recent[-1].replied) if context.recent else None
    if question is None or found is None:
        return found or (Shown(question) if question else None)
    # What was asked says where the answer goes; what was listed, what it may be.
    asked = found.question.model_copy(
        update={"use_case": question.use_case, "template": question.template}
    )
    return Shown(asked, found.things)


def with_options(shop: Shop, context: Context) -> Context:
    """The session with the options of its open question that the reply told only in words."""
    question, found = context.question, shown(shop, context)
    if question is None or question.options or found is None:
        return context
    fits = (question.slot == ORDER_ID) == (found.question.slot == ORDER_ID)
    if not fits or not question.slot.endswith(ASKED_OF_LIST):
        return context
    asked = question.model_copy(update={"options": found.question.options})
    return context.model_copy(update={"question": asked})


def picked(shop: Shop, context: Context, text: str) -> dict[str, str]:
    """The book that a turn of a dialogue picks from the last reply, or the other one of two."""
    if any(OTHER.match(said) for said in spellings(text.strip())):
        return other_of(shop, context) or {}
    found = listed(shop, context, context.recent[-1].replied) if context.recent else None
    slots = (found.chosen(context, text) if found else None) or {}
    return {name: value for name, value in slots.items() if name != ORDER_ID}


def listed(shop: Shop, context: Context, reply: str) -> Shown | None:
    """The list of orders or of books in a reply, be it numbered or in a sentence."""
    if question := _numbered(shop, context, reply):
        return Shown(question)
    use_case, orders = context.use_case, orders_in(shop, reply)
    if use_case and len(orders) > 1:
        return _told(use_case, ORDER_ID, orders)
    books = books_in(shop, reply) if PRODUCTS in shop.use_cases else ()
    if len(books) < 2 or _is_aside(context, books):
        return None
    about_books = use_case not in (None, SUGGESTS) and concerned(shop, use_case, {SERIES: ""})
    return _told(use_case if use_case and about_books else PRODUCTS, SERIES, books)


def _is_aside(context: Context, books: tuple[Mention, ...]) -> bool:
    """Whether a reply tells of the one series talked about, and names others on the way."""
    series = context.entities.get(SERIES)
    return context.use_case == PRODUCTS and series in {one.slots.get(SERIES) for one in books}


def _told(use_case: str, slot: str, mentions: tuple[Mention, ...]) -> Shown:
    options = tuple(Option(value=one.value, label=one.label) for one in mentions)
    question = Question(use_case=use_case, slot=slot, options=options)
    return Shown(question, {one.value: one.slots for one in mentions})


def _numbered(shop: Shop, context: Context, reply: str) -> Question | None:
    """A reply's numbered list of series or of orders, as a question."""
    lines = [line for _, line in LINE.findall(reply)]
    if not lines:
        return None
    orders = [shop.find_slots(line).get(ORDER_ID) for line in lines]
    if context.use_case and all(orders):
        return _question(context.use_case, ORDER_ID, orders, lines)
    if PRODUCTS not in shop.use_cases:
        return None
    known = titles_of(shop)
    series = [known.get(folded(titled(line))) for line in lines]
    if all(series):
        return _question(PRODUCTS, SERIES, series, lines)
    if all(BY_AUTHOR.search(line) for line in lines):
        return _question(PRODUCTS, TITLE, map(titled, lines), lines)
    return None


def titled(line: str) -> str:
    """The title that a line of a list begins with."""
    return TITLE_ENDS.sub("", line).strip()


def _question(
    use_case: str, slot: str, values: Iterable[str | None], lines: Iterable[str]
) -> Question:
    pairs = zip(values, lines, strict=True)
    options = tuple(Option(value=value, label=line) for value, line in pairs if value)
    return Question(use_case=use_case, slot=slot, options=options)

"""The list that the shop showed last, as a question that was asked or could have been."""

import re
from collections.abc import Iterable

from classifier.history.subject import ORDER_ID, SERIES, TITLE
from classifier.history.wanted import titles_of
from events.context import Context, Option, Question
from playbook.shop import Shop
from playbook.titles import folded

PRODUCTS = "product_info"
"""The use case that tells of a series; a shop without it has no list to choose one from."""

LINE = re.compile(r"(?:^|\n)\s*(\d{1,2})[.)]\s+([^\n]+)")
TITLE_ENDS = re.compile(r"\s*(?:[:(,;–—|]| - | by ).*$")
BY_AUTHOR = re.compile(r"\S by \S")


def question_of(shop: Shop, context: Context) -> Question | None:
    """The open question, else the list of series or orders in the last reply."""
    if context.question or not context.recent:
        return context.question
    return listed(shop, context, context.recent[-1].replied)


def listed(shop: Shop, context: Context, reply: str) -> Question | None:
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

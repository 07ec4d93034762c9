"""The question that a reply of a history leaves open, found again in its words."""

import re
from collections.abc import Iterable

from classifier.history.mentions import orders_in
from classifier.history.shown import titled
from devkit.route.titles import Titles
from events.context import Option, Question
from playbook.rule import first_match
from playbook.shop import Shop

ORDER_ID, SERIES, TITLE, POLICY = "order_id", "series", "title", "policy"
USE_CASE, OPTION = "use_case", "option"
BY_AUTHOR = re.compile(r"\S by \S")

NUMBERED = re.compile(r"(?:^|(?<=\s)|(?<=\())(\d{1,2})[.):]\s+(?=\S)", re.MULTILINE)
BULLETED = re.compile(r"^\s*[-*•]\s+(.+)$", re.MULTILINE)
ASKS_ORDER = re.compile(
    r"\bwhich (?:of (?:your|these|the) |one of (?:your|these|the) )?(?:\w+ )?orders?\b"
    r"|\border (?:number|id|no)\b|\bnumber of (?:your|the) order\b",
    re.IGNORECASE,
)
ASKS_SERIES = re.compile(
    r"\bwhich (?:of these )?(?:series|manga|title|book)\b|\b(?:its|the) title\b", re.IGNORECASE
)
ANSWERED_BY = {
    ORDER_ID: "order_tracking",
    SERIES: "product_info",
    TITLE: "product_info",
    POLICY: "faq_policy",
}
"""Who asks for a slot, where the turn before does not say."""

UNSPECIFIC = frozenset({None, "chitchat", "out_of_scope", "recommendation"})
"""Use cases that ask for none of these themselves."""


def question_in(reply: str, use_case: str | None, shop: Shop, titles: Titles) -> Question | None:
    """The question of a reply to a turn of this use case, or None where it asks for no slot.

    Nor is there one where the shop has no use case that could be answered.
    """
    asked = _asked(reply, use_case, shop, titles)
    return asked if asked and asked.use_case in shop.use_cases else None


def _asked(reply: str, use_case: str | None, shop: Shop, titles: Titles) -> Question | None:
    if options := _use_cases(reply, shop):
        return Question(use_case=options[0].value, slot=USE_CASE, options=options)
    if options := _matters(reply, use_case, shop):
        return Question(use_case=options[0].value, slot=USE_CASE, options=options)
    if found := _listed(reply, shop, titles):
        return _question(*found, use_case)
    if "?" not in reply:
        return None
    if options := _by_orders(reply, shop):
        return _question(ORDER_ID, options, use_case)
    asking = " ".join(part for part in re.split(r"(?<=[.!?])\s+", reply) if part.endswith("?"))
    named = titles.named(asking)
    if len(named) > 1:
        return _question(SERIES, _options(named, named), use_case)
    return _unlisted(reply, use_case)


def items(reply: str) -> tuple[str, ...]:
    """The entries of a list in a reply, numbered from 1 on or with bullets, in their order."""
    marks = list(NUMBERED.finditer(reply))
    starts = [at for at, mark in enumerate(marks) if mark[1] == "1"]
    marks = marks[starts[-1] :] if starts else []
    if marks and [int(mark[1]) for mark in marks] == list(range(1, len(marks) + 1)):
        ends = [mark.start() for mark in marks[1:]] + [len(reply)]
        cut = (reply[mark.end() : end] for mark, end in zip(marks, ends, strict=True))
        return tuple(one.strip().split("\n")[0].strip(" ;,") for one in cut)
    return tuple(one.strip() for one in BULLETED.findall(reply))


def _listed(reply: str, shop: Shop, titles: Titles) -> tuple[str, tuple[Option, ...]] | None:
    """The slot and the options of a list: orders, series, policies, or just lines."""
    lines = items(reply)
    if not lines:
        return None
    orders = [shop.find_slots(line).get(ORDER_ID) for line in lines]
    if all(orders):
        return ORDER_ID, _options((one or "" for one in orders), lines)
    series = [titles.listed(line) for line in lines]
    if all(series):
        return SERIES, _options((one or "" for one in series), lines)
    if all(BY_AUTHOR.search(line) for line in lines):
        return TITLE, _options(map(titled, lines), lines)
    policies = {policy.title.lower(): policy.id for policy in shop.policies.values()}
    if all(line.lower() in policies for line in lines):
        return POLICY, _options((policies[line.lower()] for line in lines), lines)
    return (OPTION, _options(lines, lines)) if "?" in reply and len(lines) > 1 else None


def offers_use_cases(reply: str, shop: Shop) -> bool:
    """Whether a reply asks which of several matters is meant."""
    return bool(_use_cases(reply, shop))


def _matters(reply: str, use_case: str | None, shop: Shop) -> tuple[Option, ...]:
    """Lines that are wishes themselves ("2. Tell me when it is back"): what the rules make of them.

    A line that no rule knows goes on with the use case of the turn. None where all are one matter.
    """
    lines = items(reply) if "?" in reply and use_case in shop.use_cases else ()
    found = [first_match(shop.rules, line, known=()) for line in lines]
    matters = [one.rule.use_case if one and not one.rule.titles else use_case for one in found]
    if len(set(matters)) < 2 or len(set(matters)) < len(lines):
        return ()
    return _options((one or "" for one in matters), lines)


def _use_cases(reply: str, shop: Shop) -> tuple[Option, ...]:
    """The use cases that a clarifying question offers, by the labels that customers see."""
    if "?" not in reply:
        return ()
    placed = [(reply.find(case.label), case) for case in shop.use_cases.values()]
    found = sorted((at, case.id, case.label) for at, case in placed if at >= 0)
    offered = tuple(Option(value=name, label=label) for _, name, label in found)
    return offered if len(offered) > 1 else ()


def _by_orders(reply: str, shop: Shop) -> tuple[Option, ...]:
    """Orders that are offered within a sentence: "#ABC123 (Berserk 1) or #DEF456?"."""
    orders = orders_in(shop, reply)
    if len(orders) < 2:
        return ()
    return _options((one.value for one in orders), (one.label for one in orders))


def _unlisted(reply: str, use_case: str | None) -> Question | None:
    if ASKS_ORDER.search(reply):
        return _question(ORDER_ID, (), use_case)
    return _question(SERIES, (), use_case) if ASKS_SERIES.search(reply) else None


def _question(slot: str, options: tuple[Option, ...], use_case: str | None) -> Question | None:
    asks = ANSWERED_BY.get(slot) if use_case in UNSPECIFIC else use_case
    if slot == POLICY:
        return Question(use_case=ANSWERED_BY[POLICY], slot=slot, options=options, template="policy")
    return Question(use_case=asks, slot=slot, options=options) if asks else None


def _options(values: Iterable[str], labels: Iterable[str]) -> tuple[Option, ...]:
    pairs = zip(values, labels, strict=True)
    return tuple(Option(value=value, label=label) for value, label in pairs)

"""What "it" means: the order or the series that the session last talked about."""

from dataclasses import replace

from events.context import Context
from playbook.rule import Match, Rule, first_match
from playbook.shop import Shop

TITLE = "title"
SERIES = "series"
VOLUME = "volume"
PARTS = {SERIES: (SERIES, VOLUME)}
"""The entities that belong together: a volume is one of the series talked about."""


def firing(shop: Shop, context: Context, text: str) -> Match | None:
    """The first rule that fires on a text in its session, with what it means by "it".

    Where a series and an order are both remembered, "how much is it?" would fit either: the use
    case of the last turn says which, if its own rules are about one of them.
    """
    known = context.entities.keys()
    match = first_match(shop.rules, text, known=known)
    if match is None or not match.rule.anaphoric:
        return match
    meant = _subjects(shop.rules, context.use_case) & known
    if len(known) > 1 and meant and match.rule.about not in meant:
        nearer = first_match(shop.rules, text, known=meant)
        match = nearer if nearer and nearer.rule.anaphoric else match
    return replace(match, slots=_remembered(context, match.rule) | match.slots)


def others_forgotten(entities: dict[str, str], slots: dict[str, str]) -> dict[str, str]:
    """What is remembered, without what belongs to another title where the turn names one."""
    dropped = PARTS[SERIES] if TITLE in slots or SERIES in slots else ()
    return {name: value for name, value in entities.items() if name not in dropped}


def _subjects(rules: tuple[Rule, ...], use_case: str | None) -> set[str]:
    """The entities that a use case's rules are about."""
    return {rule.about for rule in rules if rule.use_case == use_case and rule.about}


def _remembered(context: Context, rule: Rule) -> dict[str, str]:
    """The entities that an anaphoric rule takes along."""
    if rule.about is None:
        return dict(context.entities)
    names = PARTS.get(rule.about, (rule.about,))
    return {name: context.entities[name] for name in names if name in context.entities}

"""What "it" means: the order or the series that the session last talked about."""

from dataclasses import replace

from events.context import Context
from playbook.rule import Match, Rule, first_match
from playbook.shop import Shop

TITLE = "title"
SERIES = "series"
VOLUME = "volume"
ORDER_ID = "order_id"
PARTS = {SERIES: (SERIES, VOLUME)}
"""The entities that belong together: a volume is one of the series talked about."""

MEANT = frozenset({SERIES, TITLE, VOLUME, ORDER_ID})
"""The entities that "it" may mean. What else a tier remembers is its own."""


def firing(shop: Shop, context: Context, text: str) -> Match | None:
    """The first rule that fires on a text in its session, with what it means by "it".

    Where a series and an order are both remembered, "how much is it?" would fit either: the use
    case of the last turn says which, if its own rules are about one of them.
    """
    known = context.entities.keys()
    match = first_match(shop.rules, text, known=known)
    if match is None or not match.rule.anaphoric:
        return match
    last = _subjects(shop.rules, context.use_case) & known
    if len(known) > 1 and last and match.rule.about not in last:
        nearer = first_match(shop.rules, text, known=last)
        match = nearer if nearer and nearer.rule.anaphoric else match
    return replace(match, slots=_remembered(context, match.rule) | match.slots)


def meant(context: Context, slots: dict[str, str]) -> dict[str, str]:
    """What "it" may mean, without what belongs to another title where the turn names one."""
    dropped = (*PARTS[SERIES], TITLE) if TITLE in slots or SERIES in slots else ()
    known = context.entities
    return {name: known[name] for name in known if name in MEANT and name not in dropped}


def _subjects(rules: tuple[Rule, ...], use_case: str | None) -> set[str]:
    """The entities that a use case's rules are about."""
    return {rule.about for rule in rules if rule.use_case == use_case and rule.about}


def _remembered(context: Context, rule: Rule) -> dict[str, str]:
    """The entities that an anaphoric rule takes along."""
    may = meant(context, {})
    names = PARTS.get(rule.about, (rule.about,)) if rule.about else may
    return {name: may[name] for name in names if name in may}

"""From what was said before to what the session remembers of it.

Nothing is looked up: an order is remembered where its number stands in the words, a series where
its name does. What only rows or the index know (whose order it is, what is in it) stays unknown.
A hand-off to a person ends with that person's word, which no history tells: it is taken as ended.
"""

from collections.abc import Callable, Iterable

from classifier.history.flow import CANCEL
from classifier.history.mentions import orders_in
from devkit.route.asked import ORDER_ID, SERIES, TITLE, items, offers_use_cases, question_in
from devkit.route.returning import is_open_after, reopened
from devkit.route.titles import Titles
from events.context import Context, Exchange
from events.decision import Decision
from events.tier import Tier
from order.returns.wish import FLOW
from playbook.series import Series
from playbook.shop import Shop

VOLUME, SHOWN, LIKE = "volume", "shown", "like"
SUGGESTS = "recommendation"

Decide = Callable[[str, Context], Decision]


class Recall:
    """What the tiers of a shop would leave in a session's context."""

    def __init__(self, shop: Shop, catalogue: Iterable[Series]) -> None:
        self._shop = shop
        self.titles = Titles(catalogue)

    def context(self, exchanges: Iterable[Exchange], decide: Decide) -> Context:
        """The session after these exchanges, oldest first, decided one after another."""
        context = Context()
        for one in exchanges:
            decision = decide(one.said, context) if one.said else None
            context = self.after(context, one, decision)
        return context

    def after(self, before: Context, one: Exchange, decision: Decision | None) -> Context:
        """The session after one more exchange, whose customer's side was decided so."""
        return self._after(before, one, decision).remembering(one.said, one.replied)

    def _after(self, before: Context, one: Exchange, decision: Decision | None) -> Context:
        use_case = self._matter(before, one, decision)
        entities = _with_book(before.entities, self._books(one, decision))
        entities = entities | self._orders(one, decision)
        after = before.model_copy(update={"use_case": use_case, "entities": entities})
        if use_case == FLOW:
            return self._returning(after, one.replied, decision)
        question = question_in(one.replied, use_case, self._shop, self.titles)
        return after.model_copy(update={"question": question})

    def _matter(self, before: Context, one: Exchange, decision: Decision | None) -> str | None:
        """The use case of the exchange. Its reply counts more than the router's own guess, where
        it tells: what was said there is how that shop understood the turn."""
        replied = is_open_after(one.replied) and not offers_use_cases(one.replied, self._shop)
        if replied and FLOW in self._shop.use_cases:
            return FLOW
        return decision.use_case if decision else before.use_case

    def _returning(self, context: Context, reply: str, decision: Decision | None) -> Context:
        left = decision is not None and decision.slots.get(CANCEL) == "yes"
        order_id = context.entities.get(ORDER_ID)
        flow, question = (None, None) if left else reopened(reply, order_id, self._shop)
        return context.model_copy(update={"flow": flow, "question": question})

    def _orders(self, one: Exchange, decision: Decision | None) -> dict[str, str]:
        """The order that was named, else the only one that the reply speaks of."""
        named = decision.slots.get(ORDER_ID) if decision else None
        if named:
            return {ORDER_ID: named}
        told = {order.slots[ORDER_ID] for order in orders_in(self._shop, one.replied)}
        return {ORDER_ID: told.pop()} if len(told) == 1 else {}

    def _books(self, one: Exchange, decision: Decision | None) -> dict[str, str]:
        """The series and the volume that were talked about, or the series that were suggested."""
        named = self.titles.named(one.said)
        if decision and decision.use_case == SUGGESTS:
            lines = (self.titles.listed(line) for line in items(one.replied))
            shown = [name for name in lines if name] or self.titles.named(one.replied)
            told = {LIKE: ",".join(named), SHOWN: ",".join(shown)}
            return {name: value for name, value in told.items() if value}
        slots = decision.slots if decision else {}
        if not named and (decision is None or decision.tier is Tier.RAG):
            replied = self.titles.named(one.replied)
            named = replied if len(replied) == 1 else ()
        volume = slots.get(VOLUME) or self.titles.volume(one.said)
        series = slots.get(SERIES) or next(iter(named), None)
        if series is None:
            return self._untitled(slots, volume)
        return {SERIES: series} | ({VOLUME: volume} if volume else {})

    def _untitled(self, slots: dict[str, str], volume: str | None) -> dict[str, str]:
        """A book that the catalogue does not have, by its title as it was named."""
        if TITLE not in slots:
            return {}
        return {TITLE: slots[TITLE]} | ({VOLUME: volume} if volume else {})


def _with_book(entities: dict[str, str], told: dict[str, str]) -> dict[str, str]:
    """The entities with what was told of a book; the volume of another series is forgotten."""
    named = {told[name] for name in (SERIES, TITLE) if name in told}
    other = named - {entities.get(SERIES), entities.get(TITLE)}
    gone = {SERIES, TITLE, VOLUME} if other else set()
    return {name: entities[name] for name in entities if name not in gone} | told

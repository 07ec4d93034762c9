"""The shop's words for returns."""

from dataclasses import dataclass

from events.context import Option, Question
from events.tier import Tier
from order.facts import State as OrderState
from order.returns.facts import Bought, Opened, Shelf
from order.returns.machine import Ask, Refused, Why
from order.returns.telling import ALL, line_value
from order.returns.window import candidates, last_day, offers
from order.returns.wish import FLOW, Choice, Kind, State
from playbook.renderer import day
from playbook.shop import Shop

SLOTS = {
    State.ORDER: "order_id",
    State.ITEM: "return_item",
    State.REASON: "return_reason",
    State.CHOICE: "return_choice",
    State.INSTEAD: "return_instead",
    State.CONFIRM: "return_confirm",
}
"""The slot that the answer to each question comes in."""

CLOSED = (OrderState.CANCELLED, OrderState.RETURNED, OrderState.REFUNDED)
TWO = 2


@dataclass(frozen=True)
class Words:
    """A text, and the template that stands for it where the shop says which may be warmed."""

    template: str
    text: str


class ReturnDesk:
    """Renders the dialogue with the playbook's templates `returns_…`."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.terms = shop.returns

    def sign_in(self) -> str:
        """What a visitor hears."""
        return self._shop.renderer.render("sign_in")

    def warms(self, template: str) -> bool:
        """Whether the small model may rewrite this template's text."""
        return template in self._shop.use_cases[FLOW].warm and not self._shop.is_closed(
            FLOW, Tier.LLM
        )

    def asked(self, ask: Ask, shelf: Shelf, *, opening: bool) -> Words:
        """A question; with a word of welcome before the first, or why another order is needed."""
        question = self._question(ask, shelf)
        if ask.after:
            before = self.refused(ask.after, shelf)
            return Words(before.template, f"{before.text}\n\n{question}")
        if opening:
            reason = ask.dialogue.wish.reason
            return self._words("returns_opening", reason=reason, question=question)
        return Words(f"returns_{ask.dialogue.state}", question)

    def question(self, ask: Ask, shelf: Shelf) -> Question:
        """What the session keeps of a question."""
        state = ask.dialogue.state or State.ORDER
        return Question(use_case=FLOW, slot=SLOTS[state], options=self._options(ask, shelf))

    def refused(self, refused: Refused, shelf: Shelf) -> Words:
        """Why something cannot be returned, with what the rows say, and what else can be done."""
        order = refused.order
        if refused.why is Why.UNKNOWN or order is None:
            unknown = refused.why is Why.UNKNOWN
            return self._words(
                "order_unknown" if unknown else "returns_nothing", order_id=refused.order_id
            )
        if refused.why is Why.NOT_HERE and order.state in CLOSED:
            return self._words(f"order_{order.state}", order=order, today=shelf.today)
        return self._words(
            f"returns_{refused.why}",
            order=order,
            state=order.state,
            items=refused.items,
            return_until=last_day(order, Kind.PARCEL, self.terms),
            damaged_until=last_day(order, Kind.PHOTO, self.terms),
        )

    def done(self, opened: Opened) -> Words:
        """What was opened, and what the customer does now."""
        instead = opened.books[0].instead
        other = instead if instead != opened.books[0].volume else None
        return self._words("returns_done", opened=opened, books=opened.books, instead=other)

    def left(self) -> Words:
        """That the dialogue is over and nothing was done."""
        return self._words("returns_cancelled")

    def _words(self, template: str, **values: object) -> Words:
        return Words(template, self._shop.renderer.render(template, **values))

    def _question(self, ask: Ask, shelf: Shelf) -> str:
        dialogue, wish = ask.dialogue, ask.dialogue.wish
        values: dict[str, object] = {"again": dialogue.again, "options": self._options(ask, shelf)}
        if order := shelf.order(wish.order_id):
            values |= {"order": order} | self._details(ask, order)
        return self._shop.renderer.render(f"returns_{dialogue.state}", **values)

    def _details(self, ask: Ask, order: Bought) -> dict[str, object]:
        wish, items = ask.dialogue.wish, order.items(ask.dialogue.wish.lines)
        return {
            "items": items,
            "item": items[0] if items else None,
            "reason": self.terms.reason(wish.reason),
            "choice": wish.choice,
            "instead": wish.instead,
            "kind": wish.kind,
            "refund_cents": sum(item.price_cents * item.quantity for item in items),
            "damaged_until": last_day(order, Kind.PHOTO, self.terms),
            "only_refund": Choice.EXCHANGE not in offers(wish.reason, items, self.terms),
        }

    def _options(self, ask: Ask, shelf: Shelf) -> tuple[Option, ...]:
        wish = ask.dialogue.wish
        match ask.dialogue.state:
            case State.ORDER:
                return _orders(candidates(shelf, wish.reason, self.terms))
            case State.ITEM:
                return _books(shelf.order(wish.order_id))
            case State.REASON:
                return tuple(Option(value=one.id, label=one.label) for one in self.terms.reasons)
            case State.CHOICE:
                refund, exchange = self.terms.refund.label, self.terms.exchange.label
                return (
                    Option(value=Choice.REFUND, label=refund),
                    Option(value=Choice.EXCHANGE, label=exchange),
                )
            case State.CONFIRM:
                return (Option(value="yes", label="yes"), Option(value="no", label="no"))
            case _:
                return ()


def _orders(orders: tuple[Bought, ...]) -> tuple[Option, ...]:
    return tuple(
        Option(value=one.order_id, label=f"#{one.order_id}, {one.books}, {day(one.placed_on)}")
        for one in orders
    )


def _books(order: Bought | None) -> tuple[Option, ...]:
    left = order.left if order else ()
    books = tuple(Option(value=line_value(item.line_no), label=item.name) for item in left)
    every = Option(value=ALL, label="both of them" if len(left) == TWO else "all of them")
    return (*books, every) if len(left) > 1 else books

"""Orders that may come back, in a list: what the order tier's repository promises of returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from events.envelope import Identity
from events.turn import Turn
from order.facts import Charge, State
from order.returns.facts import Bought, Item, Opened, Returned, Shelf
from order.returns.wish import Choice, Wish

TODAY = date(2026, 11, 14)


def book(number: int, volume: int | None = 1, series: str = "Berserk", **more: object) -> Item:
    """Line `number` of an order."""
    fields: dict[str, object] = {
        "line_no": number,
        "series": series,
        "volume": volume,
        "quantity": 1,
        "price_cents": 1499,
        **more,
    }
    return Item.model_validate(fields)


def bought(
    order_id: str, *lines: Item, days_ago: int | None = 5, state: State = State.DELIVERED
) -> Bought:
    """An order that was delivered so many days ago; of two volumes where no lines are given."""
    delivered = None if days_ago is None else TODAY - timedelta(days=days_ago)
    charge = Charge(
        kind="charge",
        state="settled",
        amount_cents=2998,
        made_on=TODAY - timedelta(days=40),
        method="Visa ending 4242",
        invoice_no="KM-1",
    )
    return Bought(
        order_id=order_id,
        state=state,
        placed_on=TODAY - timedelta(days=40),
        promised_on=None,
        due_on=None,
        shipped_on=None,
        delivered_on=delivered,
        closed_on=TODAY if delivered is None else None,
        carrier="UPS",
        tracking_no="1Z99",
        lines=lines or (book(1, 1), book(2, 2)),
        charges=(charge,),
    )


@dataclass
class ListedReturns:
    """Orders by customer, and the returns that were opened, by session and turn."""

    orders: Mapping[str, tuple[Bought, ...]] = field(default_factory=dict)
    today: date = TODAY
    opened: dict[tuple[str, str], Opened] = field(default_factory=dict)
    looks: list[str | None] = field(default_factory=list)

    async def look_up_returns(self, turn: Turn, identity: Identity, asked_for: str | None) -> Shelf:
        self.looks.append(asked_for)
        mine = tuple(self._marked(one) for one in self.orders.get(identity.customer_id or "", ()))
        seen = tuple(one for one in mine if one.here or one.order_id == asked_for)
        before = self.opened.get((turn.session_id, turn.turn_id))
        return Shelf(today=self.today, orders=seen, opened=before)

    async def open_return(
        self, turn: Turn, identity: Identity, wish: Wish, days: int
    ) -> Opened | None:
        place = (turn.session_id, turn.turn_id)
        if place in self.opened:
            return self.opened[place]
        mine = (self._marked(one) for one in self.orders.get(identity.customer_id or "", ()))
        order = next((one for one in mine if one.order_id == wish.order_id), None)
        items = order.items(wish.lines) if order else ()
        if order is None or not items or any(item.label_no for item in items):
            return None
        if not order.delivered_on or self.today > order.delivered_on + timedelta(days=days):
            return None
        self.opened[place] = self._opened(order, items, wish)
        return self.opened[place]

    def _opened(self, order: Bought, items: tuple[Item, ...], wish: Wish) -> Opened:
        refund = wish.choice is Choice.REFUND
        books = tuple(
            Returned(
                line_no=item.line_no,
                series=item.series,
                volume=item.volume,
                quantity=item.quantity,
                price_cents=item.price_cents,
                refund_cents=item.price_cents * item.quantity if refund else None,
                instead=None if refund else wish.instead or item.volume,
            )
            for item in items
        )
        return Opened(
            label_no=f"R{100001 + len(self.opened)}",
            order_id=order.order_id,
            kind=str(wish.kind),
            reason=str(wish.reason),
            choice=str(wish.choice),
            opened_on=self.today,
            method=order.charges[0].method if refund else None,
            books=books,
        )

    def _marked(self, order: Bought) -> Bought:
        """The order with the returns that its lines are in."""
        labels = {
            book.line_no: one
            for one in self.opened.values()
            if one.order_id == order.order_id
            for book in one.books
        }
        lines = tuple(
            line.model_copy(
                update={
                    "label_no": labels[line.line_no].label_no,
                    "returned_on": labels[line.line_no].opened_on,
                }
            )
            if line.line_no in labels
            else line
            for line in order.lines
        )
        return order.model_copy(update={"lines": lines})

"""The shop's words for orders, charges and returns."""

from collections.abc import Sequence

from events.context import Option
from order.facts import Found, Order
from order.returns.desk import ReturnDesk
from playbook.renderer import day
from playbook.shop import Shop


class Desk:
    """Renders facts with the playbook's templates. `returns` has the words of that dialogue."""

    def __init__(self, shop: Shop) -> None:
        self._renderer = shop.renderer
        self._use_cases = shop.use_cases
        self.returns = ReturnDesk(shop)

    def answer(self, use_case: str) -> str:
        """Which answer the playbook wants for a use case. Raises KeyError for an unknown one."""
        return self._use_cases[use_case].answer

    def sign_in(self) -> str:
        """What a visitor hears: orders are told to signed-in customers only."""
        return self._renderer.render("sign_in")

    def unknown(self, order_id: str) -> str:
        """The one text for an order that does not exist and for one of somebody else."""
        return self._renderer.render("order_unknown", order_id=order_id)

    def state(self, found: Found) -> str:
        """Where the one order is."""
        order = found.orders[0]
        return self._renderer.render(f"order_{order.state}", order=order, today=found.today)

    def none_open(self) -> str:
        """That no order is on its way."""
        return self._renderer.render("order_none_open")

    def which(self, orders: Sequence[Order]) -> str:
        """The question which of several orders is meant."""
        return self._renderer.render("order_which", options=self.options(orders))

    def listed(self, orders: Sequence[Order]) -> str:
        """The newest orders with their states."""
        return self._renderer.render("order_list", orders=orders)

    def charges(self, orders: Sequence[Order]) -> str:
        """All money that moved for these orders."""
        return self._renderer.render("billing", orders=orders)

    def options(self, orders: Sequence[Order]) -> tuple[Option, ...]:
        """The orders to choose from: `#ABC123, Berserk 1–3, 12 Nov`."""
        return tuple(
            Option(value=one.order_id, label=f"#{one.order_id}, {one.books}, {day(one.placed_on)}")
            for one in orders
        )

"""What the database tells of orders that may come back."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from order.facts import Line, Order, State


class Book(Line):
    """One line of an order, by its number there."""

    line_no: int

    @property
    def name(self) -> str:
        """As the customer reads it: `Berserk, volume 2`."""
        name = self.series if self.volume is None else f"{self.series}, volume {self.volume}"
        return name if self.quantity == 1 else f"{name} ({self.quantity} copies)"


class Item(Book):
    """A line, and the return it is in: number and day, or None."""

    label_no: str | None = None
    returned_on: date | None = None


class Bought(Order):
    """An order with its lines as they can be returned."""

    lines: tuple[Item, ...]

    @property
    def left(self) -> tuple[Item, ...]:
        """The lines that are in no return yet."""
        return tuple(item for item in self.lines if item.label_no is None)

    @property
    def here(self) -> bool:
        """Whether the customer has it."""
        return self.state is State.DELIVERED and self.delivered_on is not None

    def items(self, numbers: tuple[int, ...]) -> tuple[Item, ...]:
        """The lines of these numbers, in the order's order."""
        return tuple(item for item in self.lines if item.line_no in numbers)


class Returned(Book):
    """One line of an opened return: what goes back, or which volume comes instead."""

    refund_cents: int | None = None
    instead: int | None = None


class Opened(BaseModel):
    """A return as its rows tell it. `method` is what the order was paid with, if that is known."""

    model_config = ConfigDict(frozen=True)

    label_no: str
    order_id: str
    kind: str
    reason: str
    choice: str
    opened_on: date
    method: str | None
    books: tuple[Returned, ...]

    @property
    def refund_cents(self) -> int:
        """All that goes back."""
        return sum(book.refund_cents or 0 for book in self.books)


class Shelf(BaseModel):
    """What a look-up brought. `today` is the database's date.

    `orders` are the newest delivered ones, newest first, and the one that was named in any state.
    `opened` is what this very turn opened, if it was here before.
    """

    model_config = ConfigDict(frozen=True)

    today: date
    orders: tuple[Bought, ...] = ()
    opened: Opened | None = None

    def order(self, order_id: str | None) -> Bought | None:
        """The order of this id."""
        return next((order for order in self.orders if order.order_id == order_id), None)

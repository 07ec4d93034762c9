"""What the shop's windows allow. Dates are the database's; the last day counts."""

from datetime import date, timedelta

from order.returns.facts import Bought, Item, Shelf
from order.returns.wish import Choice, Kind
from playbook.returns import Returns


def last_day(order: Bought, kind: Kind, terms: Returns) -> date | None:
    """The last day on which a return of this kind may be opened; None before the delivery."""
    return order.delivered_on + timedelta(days=days(kind, terms)) if order.delivered_on else None


def days(kind: Kind, terms: Returns) -> int:
    """How many days after the delivery a return of this kind may be opened."""
    return terms.damaged_days if kind is Kind.PHOTO else terms.any_reason_days


def kind_of(order: Bought, today: date, reason: str | None, terms: Returns) -> Kind | None:
    """How a return goes today, or None where the order cannot be returned for this reason.

    While the reason is not known, the kindest one counts. Damage that is told too late still makes
    an ordinary return.
    """
    found = terms.reason(reason)
    kinds = (Kind.PHOTO, Kind.PARCEL) if found is None or found.damaged else (Kind.PARCEL,)
    return next((kind for kind in kinds if _open(order, today, kind, terms)), None)


def candidates(shelf: Shelf, reason: str | None, terms: Returns) -> tuple[Bought, ...]:
    """The orders that something may be returned of, newest first."""
    return tuple(
        order for order in shelf.orders if order.left and kind_of(order, shelf.today, reason, terms)
    )


def offers(reason: str | None, items: tuple[Item, ...], terms: Returns) -> tuple[Choice, ...]:
    """What a customer may choose from.

    What arrived damaged is sent again, however many books it is. Another volume comes for one book
    at a time.
    """
    found = terms.reason(reason)
    damaged = found is not None and found.damaged
    one = len(items) == 1 and items[0].volume is not None
    return tuple(Choice) if damaged or one else (Choice.REFUND,)


def _open(order: Bought, today: date, kind: Kind, terms: Returns) -> bool:
    last = last_day(order, kind, terms)
    return order.here and last is not None and today <= last

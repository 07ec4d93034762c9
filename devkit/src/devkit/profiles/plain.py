"""Plain texts of a return, by the shop's own templates: those that may be warmed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from string import ascii_uppercase

from events.context import Option
from order.facts import State
from order.returns.desk import ReturnDesk
from order.returns.facts import Bought, Item, Opened, Returned
from order.returns.wish import FLOW
from playbook.series import Series
from playbook.shop import Shop

TODAY = date(2026, 11, 12)
REASONS = ("damaged", "wrong_volume", "disliked")


class PlainTexts:
    """Draws texts; the figures in them come from `chance`."""

    def __init__(self, shop: Shop, catalogue: Sequence[Series], chance: Random) -> None:
        self._desk = ReturnDesk(shop)
        self._render = shop.renderer.render
        self._series = [one for one in catalogue if one.volumes]
        self._chance = chance
        ways = self._ways()
        self._drawn = [ways[name] for name in sorted(shop.use_cases[FLOW].warm) if name in ways]

    def draw(self) -> str:
        """One of the texts."""
        return self._chance.choice(self._drawn)()

    def _ways(self) -> Mapping[str, Callable[[], str]]:
        return {
            "returns_opening": self._opening,
            "returns_done": self._done,
            "returns_too_late": lambda: self._refused("returns_too_late"),
            "returns_not_here": lambda: self._refused("returns_not_here"),
            "returns_already": lambda: self._refused("returns_already"),
            "returns_nothing": lambda: self._refused("returns_nothing"),
        }

    def _opening(self) -> str:
        order = self._order()
        options = tuple(Option(value=str(one.line_no), label=one.name) for one in order.lines)
        asked = self._render("returns_item", again=False, order=order, options=options)
        reason = self._chance.choice(REASONS)
        return self._render("returns_opening", reason=reason, question=asked)

    def _refused(self, template: str) -> str:
        order = self._order()
        return self._render(
            template,
            order=order,
            state=self._chance.choice(("paid", "packed", "shipped")),
            items=order.lines[:1],
            return_until=self._day(),
            damaged_until=self._day(),
        )

    def _done(self) -> str:
        choice = self._chance.choice(("refund", "exchange"))
        book = self._item(1)
        price = self._chance.randint(700, 4000)
        instead = self._chance.choice((None, (book.volume or 0) + 1))
        line = book.model_dump() | {
            "refund_cents": price if choice == "refund" else None,
            "instead": None if choice == "refund" else instead,
        }
        opened = Opened(
            label_no=f"RT-{self._letters(2)}{self._chance.randint(1000, 9999)}",
            order_id=f"{self._letters(3)}{self._chance.randint(100, 999)}",
            kind=self._chance.choice(("parcel", "photo")),
            reason="other",
            choice=choice,
            opened_on=TODAY,
            method=self._chance.choice((None, f"Visa ending {self._chance.randint(1000, 9999)}")),
            books=(Returned.model_validate(line),),
        )
        return self._desk.done(opened).text

    def _order(self) -> Bought:
        return Bought(
            order_id=f"{self._letters(3)}{self._chance.randint(100, 999)}",
            state=State.DELIVERED,
            placed_on=self._day(),
            promised_on=None,
            due_on=None,
            shipped_on=None,
            delivered_on=self._day(),
            closed_on=None,
            carrier=None,
            tracking_no=None,
            lines=tuple(self._item(number) for number in (1, 2)),
            charges=(),
        )

    def _item(self, number: int) -> Item:
        series = self._chance.choice(self._series)
        return Item(
            line_no=number,
            series=series.title,
            volume=self._chance.randint(1, series.volumes or 1),
            quantity=1,
            price_cents=self._chance.randint(700, 4000),
            label_no=f"RT-{self._letters(2)}{self._chance.randint(1000, 9999)}",
            returned_on=self._day(),
        )

    def _letters(self, count: int) -> str:
        return "".join(self._chance.choices(ascii_uppercase, k=count))

    def _day(self) -> date:
        return TODAY - timedelta(days=self._chance.randint(1, 120))

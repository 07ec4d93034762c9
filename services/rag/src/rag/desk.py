"""The shop's words about books."""

import re
from collections.abc import Sequence

from events.context import Option
from playbook.renderer import Renderer
from playbook.series import Arc, Series
from rag.books.question import Field
from rag.books.stock import Stock, runs
from rag.evidence import extent, readers, weighed

AFTER_MARK = re.compile(r"([!?])\.")


class Desk:
    """Renders facts with the playbook's templates."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def _say(self, template: str, **values: object) -> str:
        """A template's words. A title with a mark of its own ("K-On!") ends its sentence alone."""
        return AFTER_MARK.sub(r"\1", self._renderer.render(template, **values))

    def fact(self, field: Field, series: Series, volume: int | None, stock: Stock) -> str:
        """The answer to one field that the catalogue or the stock holds."""
        if field is Field.ABOUT:
            return self.about(series, volume, stock)
        if field in (Field.PRICE, Field.STOCK) and volume:
            return self._copy(series, volume, stock)
        template = f"product_{field}"
        return self._say(template, **_facts(series), stock=stock)

    def about(self, series: Series, volume: int | None, stock: Stock | None) -> str:
        """What a series, or one volume of it, is about; with its price where stock is known."""
        facts = _facts(series)
        if volume is None:
            text = self._say("product_about", **facts)
            priced = stock is not None and bool(stock.copies)
        else:
            arcs = arcs_of(series, volume)
            text = self._say("product_volume", **facts, volume=volume, arcs=arcs)
            priced = stock is not None
        if stock is None or not priced:
            return text
        told = self._copy(series, volume, stock) if volume else self._overview(facts, stock)
        return f"{text}\n{told}"

    def no_volume(self, series: Series, volume: int) -> str:
        """That a volume does not exist, and how many there are."""
        return self._say("product_no_volume", **_facts(series), volume=volume)

    def more(self, told: Sequence[int], asked: Sequence[int]) -> str:
        """That only some of the volumes asked for are told, and that the others may be asked."""
        return self._say("product_more", told=runs(told), asked=runs(asked))

    def which(self, options: Sequence[Option]) -> str:
        """The question which series is meant."""
        return self._say("product_which", options=options)

    def ask(self) -> str:
        """The question which series is meant, where nothing hints at one."""
        return self._say("product_ask")

    def unknown(self, title: str) -> str:
        """That the catalogue has no series of this name."""
        return self._say("product_unknown", title=title)

    def works(self, author: str, series: Sequence[Series]) -> str:
        """What the catalogue has by an author."""
        ranked = sorted(series, key=lambda one: one.title)
        return self._say("product_by_author", author=author, series=ranked)

    def no_stock(self) -> str:
        """That price and stock cannot be told now."""
        return self._say("product_stock_away")

    def picks(self, series: Sequence[Series], seeds: Sequence[Series]) -> str:
        """A list of suggestions, each with its facts."""
        told = [_facts(one) for one in series]
        return self._say("recommendation_list", picks=told, seeds=seeds)

    def tastes(self) -> str:
        """The question what the customer likes."""
        return self._say("recommendation_ask")

    def no_pick(self) -> str:
        """That nothing in the catalogue fits, and the question what may be left out."""
        return self._say("recommendation_none")

    def unknown_taste(self, title: str) -> str:
        """That a title to compare with is not known, and the question what it was like."""
        return self._say("recommendation_unknown", title=title)

    def abstain(self) -> str:
        """That this is not known here."""
        return self._say("product_abstain")

    def _copy(self, series: Series, volume: int, stock: Stock) -> str:
        copy = stock.of(volume)
        return self._say("product_copy", series=series, volume=volume, copy=copy)

    def _overview(self, facts: dict[str, object], stock: Stock) -> str:
        return self._say("product_price", **facts, stock=stock)


def arcs_of(series: Series, volume: int) -> tuple[Arc, ...]:
    """The parts of the story that a volume belongs to."""
    return tuple(arc for arc in series.arcs if arc.first <= volume <= arc.last)


def _facts(series: Series) -> dict[str, object]:
    return {
        "series": series,
        "readers": readers(series),
        "extent": extent(series),
        "weighed": weighed(series),
    }

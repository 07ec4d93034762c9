"""Replies that are facts in the shop's words, with their sources."""

from collections.abc import Sequence

from events.context import Context
from events.reply import Reply
from events.turn import Turn
from playbook.series import Series
from rag.books.question import Field
from rag.books.stock import Stock
from rag.books.subject import ASKED, SERIES, VOLUME
from rag.kit import Kit
from rag.reply import left, sources_of
from worker.handler import Unavailable

STOCKED = frozenset({Field.PRICE, Field.STOCK})
PRICED = STOCKED | {Field.ABOUT}
"""Fields whose answer tells prices."""


MOST_SERIES = 3
"""So many series are answered for at once."""

MOST_VOLUMES = 5
"""So many volumes are told one by one; the reply says of which it tells."""

Part = tuple[Series, tuple[int, ...]]
"""A series and the volumes that are asked of it."""


async def told(
    turn: Turn, series: Series, volumes: tuple[int, ...], fields: Sequence[Field], kit: Kit
) -> Reply:
    """The fields that are asked for, of a series or some of its volumes.

    Without Postgres, the facts without price and stock, marked.
    """
    wants = not PRICED.isdisjoint(fields)
    stock = await stock_of(series, kit) if wants else None
    has_prices = stock is not None and bool(stock.copies)
    return turn.reply(
        _text(series, volumes, fields, stock, kit),
        sources=sources_of((series,), stock=has_prices),
        leaves=remembered(turn, series, volumes[0] if volumes else None, fields),
        degraded=("stock",) if wants and stock is None else (),
    )


def beyond(turn: Turn, series: Series, volume: int, fields: Sequence[Field], kit: Kit) -> Reply:
    """That a volume does not exist, and how many there are."""
    leaves = remembered(turn, series, None, fields)
    text = kit.desk.no_volume(series, volume)
    return turn.reply(text, sources=sources_of((series,)), leaves=leaves)


async def told_each(turn: Turn, parts: Sequence[Part], fields: Sequence[Field], kit: Kit) -> Reply:
    """The fields of several series, each with its own volumes; the first one is remembered."""
    parts = parts[:MOST_SERIES]
    told_of = [await _told_of(series, volumes, fields, kit) for series, volumes in parts]
    (first, volumes), *_ = parts
    sold = [(one,) for (one, _), told_ in zip(parts, told_of, strict=True) if told_[1]]
    sources = [source for one in sold for source in sources_of(one, stock=True)]
    rest = [one for one, _ in parts if (one,) not in sold]
    return turn.reply(
        " ".join(text for text, _, _ in told_of),
        sources=(*sources, *sources_of(rest)),
        leaves=remembered(turn, first, volumes[0] if volumes else None, fields),
        degraded=("stock",) if any(away for _, _, away in told_of) else (),
    )


async def _told_of(
    series: Series, volumes: tuple[int, ...], fields: Sequence[Field], kit: Kit
) -> tuple[str, bool, bool]:
    """What is told of one of several, whether it holds prices, and whether these are away."""
    wrong = past_end(series, volumes)
    if wrong:
        return kit.desk.no_volume(series, wrong), False, False
    wants = not PRICED.isdisjoint(fields)
    stock = await stock_of(series, kit) if wants else None
    has_prices = stock is not None and bool(stock.copies)
    return _text(series, volumes, fields, stock, kit), has_prices, wants and stock is None


def past_end(series: Series, volumes: Sequence[int]) -> int | None:
    """The first of these volumes that does not exist."""
    count = series.volumes
    return next((one for one in volumes if count and one > count), None)


async def stock_of(series: Series, kit: Kit) -> Stock | None:
    """What is on sale of a series, or None while Postgres is away."""
    try:
        return await kit.stock.stock_of(series.id)
    except Unavailable:
        return None


def remembered(turn: Turn, series: Series, volume: int | None, fields: Sequence[Field]) -> Context:
    """The context after an answer: the series, the volume and the fields talked about."""
    return left(
        turn,
        {
            SERIES: series.id,
            VOLUME: str(volume) if volume else None,
            ASKED: ",".join(fields),
        },
    )


def _text(
    series: Series,
    volumes: tuple[int, ...],
    fields: Sequence[Field],
    stock: Stock | None,
    kit: Kit,
) -> str:
    sentences = (
        _sentence(series, volume, field, stock, kit)
        for volume in volumes[:MOST_VOLUMES] or (None,)
        for field in fields
    )
    text = " ".join(dict.fromkeys(sentences))
    return (
        f"{text} {kit.desk.more(volumes[:MOST_VOLUMES], volumes)}"
        if len(volumes) > MOST_VOLUMES
        else text
    )


def _sentence(
    series: Series, volume: int | None, field: Field, stock: Stock | None, kit: Kit
) -> str:
    if field is Field.ABOUT:
        return kit.desk.about(series, volume, stock)
    if field in STOCKED and stock is None:
        return kit.desk.no_stock()
    return kit.desk.fact(field, series, volume, stock or Stock())

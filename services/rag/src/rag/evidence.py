"""What was found, in words that a model may repeat: one finding a series, policy or stock."""

from collections.abc import Iterator

from events.route import Finding
from playbook.renderer import day, money
from playbook.series import Series
from rag.books.stock import Copy, Stock
from rag.index.point import top_themes
from rag.retriever import Hit

READERS = {
    "shounen": "teenage boys (shounen)",
    "shoujo": "teenage girls (shoujo)",
    "seinen": "adults (seinen)",
    "josei": "adult women (josei)",
    "kids": "children",
    "kodomo": "children (kodomo)",
}
TOLD_ARCS = 12


def readers(series: Series) -> str | None:
    """For whom a series is written, or None where the catalogue does not say."""
    demographic = series.demographic
    return READERS.get(demographic, demographic) if demographic else None


def extent(series: Series) -> str | None:
    """How long it is, and whether it goes on: `29 volumes, ongoing`."""
    count = f"{series.volumes} volume{'s' if series.volumes != 1 else ''}" if series.volumes else ""
    parts = [part for part in (count, series.status) if part]
    return ", ".join(parts) or None


def weighed(series: Series) -> bool:
    """Whether its violence is known at all: a series without any theme was never weighed."""
    return bool(series.themes)


def series_finding(series: Series, score: float | None = None) -> Finding:
    """The facts of a series, the most telling first."""
    text = " ".join(_sentences(series))
    clipped = None if score is None else round(min(max(score, 0.0), 1.0), 3)
    return Finding(kind="series", ref=series.id, title=series.title, text=text, score=clipped)


def _sentences(series: Series) -> Iterator[str]:
    first = "; ".join(part for part in (", ".join(series.genres), extent(series)) if part)
    if first:
        yield f"{first}."
    if weighed(series):
        yield f"Violence {series.violence:.0f} of 100."
    if reader := readers(series):
        yield f"Written for {reader}."
    if themes := top_themes(series):
        yield f"Themes: {', '.join(themes)}."
    if series.authors:
        yield f"By {' and '.join(series.authors)}."
    if series.year:
        ended = f", ended in {series.end_year}" if series.end_year else ""
        yield f"First published in {series.year}{ended}."
    if series.blurb:
        yield series.blurb
    for arc in series.arcs[:TOLD_ARCS]:
        span = (
            f"volume {arc.first}" if arc.first == arc.last else f"volumes {arc.first} to {arc.last}"
        )
        yield f"Arc “{arc.title}”, {span}: {arc.blurb or 'no more is told of it.'}"


def policy_finding(hit: Hit) -> Finding:
    """A policy as the index holds it."""
    title, text = str(hit.payload["title"]), str(hit.payload["text"])
    return Finding(kind="policy", ref=hit.ref, title=title, text=text, score=round(hit.score, 3))


def stock_finding(series: Series, stock: Stock, volume: int | None) -> Finding:
    """Price and stock: of one volume, or of all."""
    copy = stock.of(volume) if volume else None
    text = _copy(copy) if copy else " ".join(_overview(stock))
    return Finding(kind="stock", ref=series.id, title=series.title, text=text)


def _copy(copy: Copy) -> str:
    due = f", expected on {day(copy.due_on)}" if copy.due_on else ""
    state = "in stock" if copy.available else f"out of stock{due}"
    return f"Volume {copy.volume} costs {money(copy.price_cents)} and is {state}."


def _overview(stock: Stock) -> Iterator[str]:
    if not stock.copies:
        yield "The shop does not sell it at the moment."
        return
    low, high = money(stock.prices[0]), money(stock.prices[-1])
    yield f"On sale: volumes {stock.numbers}, each {low if low == high else f'{low} to {high}'}."
    for copy in stock.missing:
        yield _copy(copy)

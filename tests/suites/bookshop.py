"""Books for tests: a few series, their stock, and what the templates about books are given."""

from datetime import date

from events.context import Option
from playbook.series import Arc, Series
from rag.books.stock import Copy, Stock

VINLAND = Series(
    id="vinland-saga",
    title="Vinland Saga",
    authors=("Makoto Yukimura",),
    genres=("Action", "Drama"),
    themes={"violence": 80, "war": 85, "history": 90},
    demographic="seinen",
    year=2005,
    end_year=2025,
    status="finished",
    volumes=29,
    blurb="A boy follows his father's murderer to war.",
    arcs=(
        Arc(title="The Prologue", first=1, last=8, blurb="Revenge, and what it is worth."),
        Arc(title="The Farm", first=8, last=14, blurb="A slave learns to grow wheat."),
    ),
)
STOCK = Stock(
    copies=(
        Copy(volume=11, price_cents=2199, available=True),
        Copy(volume=12, price_cents=2199, available=False, due_on=date(2026, 12, 3)),
        Copy(volume=13, price_cents=2499, available=False),
    )
)
OPTIONS = (Option(value="vinland-saga", label="Vinland Saga"), Option(value="nana", label="Nana"))

FACTS: dict[str, object] = {
    "series": VINLAND,
    "readers": "adults (seinen)",
    "extent": "29 volumes, finished",
    "weighed": True,
}
TEMPLATES: dict[str, dict[str, object]] = {
    "product_about": FACTS,
    "product_volume": {**FACTS, "volume": 12, "arcs": VINLAND.arcs},
    "product_no_volume": {**FACTS, "volume": 30},
    "product_more": {"told": "1–5", "asked": "1–10"},
    "product_volumes": FACTS,
    "product_author": FACTS,
    "product_year": FACTS,
    "product_status": FACTS,
    "product_genres": FACTS,
    "product_demographic": FACTS,
    "product_violence": FACTS,
    "product_age": FACTS,
    "product_copy": {"series": VINLAND, "volume": 12, "copy": STOCK.of(12)},
    "product_price": {**FACTS, "stock": STOCK},
    "product_stock": {**FACTS, "stock": STOCK},
    "product_which": {"options": OPTIONS},
    "product_unknown": {"title": "Billy Bat"},
    "product_by_author": {"author": "Makoto Yukimura", "series": (VINLAND,)},
    "recommendation_list": {"picks": (FACTS,), "seeds": (VINLAND,)},
    "recommendation_unknown": {"title": "Billy Bat"},
}
"""What rag passes to each of its templates that needs something."""

"""Which findings an answer is said to come from."""

import pytest

from events.route import Finding
from llm.sources import cited

SERIES = Finding(kind="series", ref="monster", title="Monster", text="by Naoki Urasawa; thriller")
POLICY = Finding(
    kind="policy",
    ref="shipping_costs",
    title="Shipping costs",
    text="Delivery within Germany costs 3.90; above 60 it comes without shipping costs.",
)


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("Try Monster: a thriller.", ["monster"]),
        ("try MONSTER", ["monster"]),
        ("Monsters are not in it.", []),
        ("Delivery within Germany costs 3.90.", ["shipping_costs"]),
        ("Shipping costs depend.", ["shipping_costs"]),
        ("I can't say.", []),
    ],
)
def test_a_finding_is_cited_by_its_title_or_its_facts(text: str, refs: list[str]) -> None:
    assert [one.ref for one in cited(text, (SERIES, POLICY))] == refs


def test_a_series_comes_from_the_catalogue_and_once() -> None:
    (source,) = cited("Monster", (SERIES, SERIES))
    assert (source.kind, source.ref, source.title) == ("catalogue", "monster", "Monster")

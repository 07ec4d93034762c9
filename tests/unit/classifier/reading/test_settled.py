"""The order and the book that the reader picks of those that were spoken of."""

import numpy as np
from suites.posteriors import LABELS
from suites.reference_shop import shop

from classifier.choice import Choice
from classifier.manifest import OUT_OF_SCOPE
from classifier.reading.candidates import AT_LARGE, SIGNS, at_large, candidates
from classifier.reading.reader import Reader
from classifier.reading.referent import Referent, nothing_of
from classifier.reading.settled import settled
from classifier.reading.standing import Standing
from events.context import Context
from events.decision import Evidence

SAID = "Order #KIR372 is still being packed, and #KIR910 was shipped yesterday."
TWO = Context(use_case="order_tracking", entities={"order_id": "KIR910"}).remembering(
    "my orders?", SAID
)
BOOKS = Context(use_case="product_info", entities={"series": "berserk", "volume": "4"}).remembering(
    "do you have Berserk 4", "Berserk 4 is in stock. Vinland Saga 12 is sold out."
)


def reader(**signs: float) -> Reader:
    """Picks by these signs alone; nothing where none of them speaks for a thing."""
    weights = np.array([signs.get(name.replace(" ", "_"), 0.0) for name in SIGNS])
    nothing = np.zeros(len(LABELS) + AT_LARGE)
    nothing[len(LABELS)] = 0.5  # always on
    picks = dict.fromkeys(("order", "book"), Referent(weights, nothing))
    empty = np.zeros(1)
    own = (empty, empty, empty, empty, Standing.never(1))
    return Reader(LABELS, OUT_OF_SCOPE, "m-1", *own, picks)


def choice(use_case: str, **slots: str) -> Choice:
    return Choice(Evidence.MODEL, use_case, "", slots=slots)


def test_every_order_is_a_candidate_with_what_was_told_of_it() -> None:
    found = candidates(shop(), TWO, "cancel the one still being packed", "order", {})
    signs = {one.thing.slots["order_id"]: one.signs for one in found}
    assert signs.keys() == {"KIR372", "KIR910"}
    assert signs["KIR372"]["told of most"] == 1
    assert signs["KIR910"]["told of most"] == 0
    assert signs["KIR910"]["talked about last"] == 1


def test_what_the_catalogue_tells_of_a_series_speaks_for_it() -> None:
    horror = Context(use_case="product_info").remembering(
        "do you have junji ito", "We do: Uzumaki, Tomie and Gyo."
    )
    found = candidates(shop(), horror, "is the spiral one gory", "book", {})
    signs = {one.thing.slots["series"]: one.signs for one in found}
    assert signs["uzumaki"]["told of most by the catalogue"] == 1
    assert signs["tomie"]["told of most by the catalogue"] == 0


def test_what_is_told_of_a_thing_picks_it() -> None:
    by_words = reader(told_of_most=1.0)
    found = settled(shop(), by_words, choice("order_change"), {}, TWO, "cancel the packed one")
    assert found.slots == {"order_id": "KIR372"}


def test_the_pick_replaces_what_was_remembered() -> None:
    remembered = choice("order_change", order_id="KIR910")
    by_words = reader(told_of_most=1.0)
    found = settled(shop(), by_words, remembered, {}, TWO, "cancel the packed one")
    assert found.slots == {"order_id": "KIR372"}


def test_what_the_turn_names_itself_stays() -> None:
    named = choice("order_change", order_id="ABC123")
    by_words = reader(told_of_most=1.0)
    found = settled(shop(), by_words, named, named.slots, TWO, "cancel ABC123, the packed one")
    assert found.slots == {"order_id": "ABC123"}


def test_nothing_is_picked_where_nothing_speaks_for_it() -> None:
    remembered = choice("faq_policy", order_id="KIR910")
    found = settled(shop(), reader(), remembered, {}, TWO, "do you ship to Malta")
    assert found.slots == {}


def test_a_picked_book_has_the_volume_that_the_turn_tells() -> None:
    by_name = reader(called_by_a_part_of_its_name=1.0)
    text = "and when is number 13 of vinland out"
    found = settled(shop(), by_name, choice("restock"), {}, BOOKS, text)
    assert found.slots == {"series": "vinland-saga", "volume": "13"}


def test_a_book_that_stays_keeps_its_volume() -> None:
    kept = choice("product_info", series="berserk", volume="5")
    found = settled(shop(), reader(talked_about_last=1.0), kept, {}, BOOKS, "and the next one")
    assert found.slots == kept.slots


def test_a_dialogue_knows_its_own_things() -> None:
    in_flow = Choice(Evidence.FLOW, "returns", "", slots={})
    found = settled(shop(), reader(talked_about_last=1.0), in_flow, {}, TWO, "the second")
    assert found is in_flow


def test_none_is_weighed_with_the_use_case() -> None:
    large = at_large(shop(), Context(), "what is new?", "book", {})
    found = nothing_of("faq_policy", LABELS, large)
    assert found.shape == (len(LABELS) + AT_LARGE,)
    assert found[LABELS.index("faq_policy")] == 1


def test_a_rule_knows_its_own_things() -> None:
    by_rule = Choice(Evidence.RULE, "order_tracking", "", rule_id="where")
    found = settled(shop(), reader(talked_about_last=1.0), by_rule, {}, TWO, "where is my order")
    assert found is by_rule

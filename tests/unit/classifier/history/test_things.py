"""The book that a turn names by itself, whatever was talked about before."""

import pytest
from suites.reference_shop import shop

from classifier.choice import Choice
from classifier.history.things import with_things
from events.context import Context
from events.decision import Evidence

AFTER = Context(use_case="product_info", entities={"series": "berserk", "volume": "4"}).remembering(
    "do you have Berserk 4", "Berserk 4 is in stock."
)


def things(use_case: str, text: str, context: Context = AFTER) -> dict[str, str]:
    return with_things(shop(), Choice(Evidence.MODEL, use_case, ""), context, text).slots


@pytest.mark.parametrize("context", [AFTER, Context()])
@pytest.mark.parametrize(
    ("use_case", "text", "series", "volume"),
    [
        ("restock", "no, ping me when goodnight punpun 2 comes back", "goodnight-punpun", "2"),
        ("restock", "WHEN DOES VINLAND SAGA 7 GET REPRINTED", "vinland-saga", "7"),
        ("order_change", "i put two copies of Drifters 3 in my cart, drop one", "drifters", "3"),
        ("restock", "Claymore 11 has been sold out for ages, any more of it?", "claymore", "11"),
    ],
)
def test_a_book_that_the_turn_names_is_the_one_it_is_about(
    use_case: str, text: str, series: str, volume: str, context: Context
) -> None:
    found = things(use_case, text, context)
    assert (found["series"], found["volume"]) == (series, volume)


@pytest.mark.parametrize(
    ("use_case", "text"),
    [
        ("restock", "is that a real date or just a guess, tell me when monster volumes come"),
        ("restock", "tell me when Monster 3 or Naruto 5 is back"),
        ("faq_policy", "can I return Naruto 5 without a receipt"),
        ("product_info", "I was told Naruto 5 is shorter than the others"),
    ],
)
def test_words_two_titles_and_other_matters_bind_nothing(use_case: str, text: str) -> None:
    assert "series" not in things(use_case, text, Context())


def test_what_was_found_before_stays() -> None:
    chosen = Choice(Evidence.RULE, "restock", "", slots={"series": "berserk"})
    found = with_things(shop(), chosen, AFTER, "tell me when Naruto 5 is back")
    assert found.slots["series"] == "berserk"

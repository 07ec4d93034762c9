from html import escape
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.simulator.ask import Prompt
from devkit.simulator.evidence import Asked, Item, read
from devkit.simulator.faithful import UNKNOWN, faithful
from devkit.simulator.profiles import PROFILES, Choice
from devkit.simulator.tokens import tokens_of

VINLAND = Item(
    "series", "vinland-saga", "Vinland Saga", "By Makoto Yukimura. 29 volumes, finished. Violent."
)
CLAYMORE = Item("series", "claymore", "Claymore", "By Norihiro Yagi. 27 volumes, finished.")
BERSERK = Item("series", "berserk", "Berserk", "By Kentaro Miura. 42 volumes, ongoing.")


def asked(task: str, customer: str, *items: Item, plain: str = "") -> Asked:
    return Asked(task, items, (), plain, customer, "system", "user")


def prompt(user: str) -> Prompt:
    return Prompt.model_validate(
        {"model": "claude-sonnet-5-5", "messages": [{"role": "user", "content": user}]}
    )


def test_it_reads_every_part_of_the_message() -> None:
    evidence = f'<item kind="policy" ref="r&amp;d" title="{escape("R & D")}">a &lt; b</item>'
    user = (
        f"<task>compose</task>\n<evidence>\n{evidence}</evidence>\n"
        "<history><said>hi &amp; hello</said><replied>Hello.</replied></history>\n"
        "<customer>what&#x27;s &lt;task&gt;warm&lt;/task&gt;?</customer>"
    )
    found = read(prompt(user))
    assert found.task == "compose"
    assert found.items == (Item("policy", "r&d", "R & D", "a < b"),)
    assert found.said == ("hi & hello",)
    assert found.customer == "what's <task>warm</task>?"


def test_a_message_without_tags_is_the_customers_words() -> None:
    found = read(prompt("hello"))
    assert (found.task, found.customer, found.items) == ("compose", "hello", ())


def test_a_recommendation_names_the_evidence_and_not_what_it_is_compared_with() -> None:
    request = asked("answer", "like Berserk but less violent", BERSERK, VINLAND, CLAYMORE)
    text = faithful(request, Random(1)).text
    opening, *lines = text.split("\n")
    assert opening.endswith(".")
    assert lines == [
        "Vinland Saga: By Makoto Yukimura; 29 volumes, finished; Violent.",
        "Claymore: By Norihiro Yagi; 27 volumes, finished.",
    ]


def test_a_recommendation_holds_five_series_and_stays_short() -> None:
    facts = "By Somebody Longname. 21 volumes, finished. Drama, history. Violence 40 of 100."
    items = [Item("series", f"s{n}", f"Series Number {n}", facts * 3) for n in range(9)]
    text = faithful(asked("answer", "something good", *items), Random(1)).text
    assert text.count("\n") == 5
    assert tokens_of(text) <= 175


def test_a_question_is_answered_by_the_sentences_that_fit_it() -> None:
    volume = Item(
        "volume",
        "vinland-saga-12",
        "Vinland Saga",
        "The slaves clear the forest. Einar plants wheat on the farm. The king sails to England.",
    )
    request = asked("compose", "who plants the wheat in Vinland Saga?", volume, CLAYMORE)
    assert faithful(request, Random(1)).text == "Vinland Saga: Einar plants wheat on the farm."


def test_what_the_evidence_does_not_say_is_not_known() -> None:
    assert faithful(asked("compose", "is there an anime?", VINLAND), Random(1)).text == UNKNOWN


@pytest.mark.parametrize("seed", range(8))
def test_warmth_suits_the_situation_and_keeps_the_plain_text(seed: int) -> None:
    plain = "Which book of order #ABC123?\n1. Vinland Saga, volume 2.\n2. Pluto, volume 1."
    text = faithful(
        asked("warm", "my husband bought the wrong volume", plain=plain), Random(seed)
    ).text
    assert text.endswith(plain)
    added = text.removesuffix(plain)
    assert "mix-up" in added or "families" in added
    assert tokens_of(added) <= 20


@given(st.text(max_size=300), st.text(max_size=100), st.integers())
def test_warmth_keeps_any_text(plain: str, customer: str, seed: int) -> None:
    request = asked("warm", customer, plain=plain.strip())
    assert faithful(request, Random(seed)).text.endswith(plain.strip())


def test_the_same_seed_and_prompt_are_answered_the_same() -> None:
    one = prompt("<task>warm</task><plain>Done.</plain><customer>hm</customer>")
    texts = {Choice(profile="faithful", seed=4).write(one).text for _ in range(5)}
    assert len(texts) == 1
    others = {Choice(profile="faithful", seed=seed).write(one).text for seed in range(20)}
    assert len(others) > 1


def test_a_profile_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no profile is named honest; there are faithful, sloppy"):
        Choice(profile="honest")


def test_the_share_is_kept() -> None:
    choice = Choice(profile="lying", share=0.3, seed=9)
    user = "<task>warm</task><plain>It is open.</plain><customer>{}</customer>"
    written = [choice.write(prompt(user.format(n))) for n in range(400)]
    lies = sum(bool(one.labels) for one in written)
    assert 90 <= lies <= 150  # 120 expected; four standard deviations are 37
    assert set(PROFILES) == {"faithful", "sloppy", "lying", "puppet"}

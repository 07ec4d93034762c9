"""Wishes: what is read out of the words, which conditions follow, what is suggested."""

import pytest
from qdrant_client import models as qdrant
from suites.library import WordSearch, asked, kit, shelf

from events.context import Context
from events.reply import Reply
from events.route import Route
from events.task import Task
from events.tier import Tier
from playbook.series import Series
from rag.handler import handle
from rag.matching.volume import without
from rag.suggesting.recommend import conditions, likeness
from rag.suggesting.tastes import avoided, wanted
from rag.suggesting.wish import Wish, read_wish
from worker.handler import Unavailable

VOCABULARY = shelf().vocabulary


def wish(text: str) -> Wish:
    mentions = shelf().find(text)
    seeds = tuple(shelf().series[one.one] for one in mentions if one.one)
    return read_wish(without(text, mentions), seeds, VOCABULARY)


def series(name: str) -> Series:
    return shelf().series[name]


def test_less_violent_is_clearly_below_the_seed() -> None:
    found = wish("I'm looking for something like Berserk but less violent")
    assert [seed.id for seed in found.seeds] == ["berserk"]
    assert found.violence_below is not None
    assert found.violence_below <= series("berserk").violence - 15


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("something like Death Note but shorter", "volumes_below", series("death-note").volumes),
        ("something short, max 3 volumes", "volumes_below", 4),
        ("like One Piece but finished", "finished", True),
        ("a finished series under 10 volumes", "volumes_below", 10),
        ("I finished Fullmetal Alchemist, what next?", "finished", False),
        ("my daughter is 8 and loves cats", "age", 8),
        ("for a ten-year-old", "age", 10),
        ("which manga for a 10 year old girl?", "age", 10),
        ("I need presents for three kids aged 7, 9 and 12", "age", 7),
        ("something for kids", "age", 10),
        ("my teenager stopped reading", "age", 14),
        ("I used to read Dragon Ball as a child", "age", None),
        ("good seinen?", "demographic", "seinen"),
        ("nice shoujo for beginners", "demographic", "shoujo"),
        ("I have 40 euros, what would you get", "age", None),
    ],
)
def test_reads_conditions(text: str, field: str, value: object) -> None:
    assert getattr(wish(text), field) == value


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("recommend me a good horror manga", {"horror"}),
        ("something scary", {"horror"}),
        ("any manga about cooking", {"food"}),
        ("time travel stories", {"time travel"}),
        ("good sci-fi?", {"sci-fi"}),
        ("a dark fantasy with dragons", {"dark fantasy"}),
    ],
)
def test_reads_themes(text: str, themes: set[str]) -> None:
    assert themes <= wanted(text, VOCABULARY)


def test_reads_what_is_not_wanted() -> None:
    assert "romance" in avoided("I don't like romance, something different", VOCABULARY)
    assert "gore" in avoided("my boyfriend hates gore", VOCABULARY)
    assert avoided("a good romance", VOCABULARY) == frozenset()


def test_an_empty_wish_says_nothing() -> None:
    assert not wish("recommend me something").says_anything
    assert wish("good horror?").says_anything


def test_a_child_gets_nothing_for_adults() -> None:
    told = conditions(wish("for a ten-year-old")).model_dump_json()
    assert "seinen" in told
    assert "gore" in told
    assert "seinen" not in conditions(wish("something funny")).model_dump_json()


def test_the_seed_is_never_suggested() -> None:
    found = conditions(wish("something like Berserk"))
    assert any(isinstance(one, qdrant.HasIdCondition) for one in found.must_not or ())


def test_likeness_is_by_themes_and_not_by_violence() -> None:
    berserk, claymore, yotsuba = series("berserk"), series("claymore"), series("yotsuba")
    assert likeness(berserk, claymore) > 3 * likeness(berserk, yotsuba)
    assert likeness(berserk, berserk) == pytest.approx(1)
    assert likeness(Series(id="x", title="X"), berserk) == 0


async def suggested(
    text: str, tier: Tier = Tier.LLM, context: Context | None = None, search: object = None
) -> Reply | Route:
    turn = asked(text, "recommendation", tier=tier, context=context)
    using = search if isinstance(search, WordSearch) else WordSearch()
    return await handle(turn, kit=kit(search=using))


async def test_five_candidates_and_the_seed_go_to_the_large_model() -> None:
    route = await suggested("I'm looking for something like Berserk but less violent")
    assert isinstance(route, Route)
    assert (route.tier, route.task) == (Tier.LLM, Task.ANSWER)
    refs = [finding.ref for finding in route.findings]
    assert len(refs) == 6
    assert refs[-1] == "berserk"
    assert "berserk" not in refs[:-1]
    assert all(f"\n{place}. " in route.fallback.text for place in range(1, 6))
    assert {one.ref for one in route.fallback.sources} == set(refs[:-1])


async def test_with_the_large_model_away_the_list_is_the_answer() -> None:
    reply = await suggested("something like Berserk", tier=Tier.RAG)
    assert isinstance(reply, Reply)
    assert "close to Berserk" in reply.text


async def test_another_one_keeps_to_the_wish_and_shows_new_ones() -> None:
    first = await suggested("something like Berserk but less violent", tier=Tier.RAG)
    assert isinstance(first, Reply)
    search = WordSearch()
    second = await suggested("another one?", Tier.RAG, first.leaves, search)
    assert isinstance(second, Reply)
    told = search.asked[0].model_dump_json()
    assert '"lt":81' in told
    assert "close to Berserk" in second.text
    (ids,) = [c for c in search.asked[0].must_not or () if isinstance(c, qdrant.HasIdCondition)]
    assert len(ids.has_id) == 6


async def test_a_new_wish_forgets_the_one_before() -> None:
    first = await suggested("something like Berserk", tier=Tier.RAG)
    assert isinstance(first, Reply)
    second = await suggested("a good romance for my wife please", Tier.RAG, first.leaves)
    assert isinstance(second, Reply)
    assert "Berserk" not in second.text
    assert second.leaves is not None
    assert "like" not in second.leaves.entities


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("recommend me something", "What are you in the mood for?"),
        ("something like Zorgblatt Harbour please", "I don't know “Zorgblatt Harbour”"),
    ],
)
async def test_asks_where_there_is_nothing_to_choose_by(text: str, told: str) -> None:
    reply = await suggested(text)
    assert isinstance(reply, Reply)
    assert told in reply.text
    assert reply.sources == ()


async def test_without_qdrant_nothing_is_suggested() -> None:
    with pytest.raises(Unavailable) as away:
        await suggested("something like Berserk", search=WordSearch(away=True))
    assert away.value.dependency == "qdrant"


async def test_anything_similar_is_like_the_series_talked_about() -> None:
    before = Context(entities={"series": "berserk"})
    remembered = await suggested("something like that please", Tier.RAG, before)
    slot = asked("anything similar?", "recommendation", slots={"series": "berserk"})
    for reply in (remembered, await handle(slot, kit=kit())):
        assert isinstance(reply, Reply)
        assert "close to Berserk" in reply.text
    other = await suggested("something similar to Zorgblatt Harbour", Tier.RAG, before)
    assert isinstance(other, Reply)
    assert "Berserk" not in other.text

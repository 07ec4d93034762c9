"""A return from the first word to its number, over the bus in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from suites.line import Line, opened
from suites.listed_returns import TODAY, ListedReturns, book, bought
from suites.people import said
from suites.posteriors import posterior

from classifier.model import Posterior
from events.reply import Reply, Status
from events.task import Task
from events.tier import Tier
from order.facts import Found

NOTHING = {"c-aiko": Found(today=TODAY, orders=())}


async def unsure(text: str) -> Posterior:
    return posterior(out_of_scope=0.85, returns=0.1)


class Talk:
    """A customer's session on a line."""

    def __init__(self, line: Line, rows: ListedReturns) -> None:
        self.line, self.rows = line, rows

    async def __call__(self, text: str) -> Reply:
        return await self.line.say(said(text, customer="c-aiko"))


@asynccontextmanager
async def talking() -> AsyncIterator[Talk]:
    saga = (book(1, 9, "Vinland Saga", price_cents=2199), book(2, 10, "Vinland Saga"))
    orders = (bought("NRT618", *saga), bought("BBB222", book(1, 7, "Monster"), days_ago=20))
    rows = ListedReturns({"c-aiko": orders})
    async with opened(unsure, NOTHING, rows) as line:
        yield Talk(line, rows)


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    async with talking() as one:
        yield one


async def test_the_storys_return_ends_in_a_number(talk: Talk) -> None:
    opening = await talk("Help me return this, my husband bought the wrong volume")
    assert "1. #NRT618, Vinland Saga 9–10" in opening.text
    (warmed,) = talk.line.routed(Tier.LLM)
    assert (warmed.task, warmed.within_s) == (Task.WARM, 1.5)
    assert "1. Vinland Saga, volume 9" in (await talk("the first one")).text
    assert "money back" in (await talk("volume 10 please")).text
    assert "instead of volume 10" in (await talk("an exchange")).text
    summary = await talk("volume 11")
    assert "You get instead: Vinland Saga, volume 11" in summary.text
    assert talk.rows.opened == {}
    done = await talk("yes")
    (one,) = talk.rows.opened.values()
    assert one.label_no in done.text
    assert (done.status, done.use_case) == (Status.COMPLETED, "returns")
    assert [book.line_no for book in one.books] == [2]
    assert not talk.line.reasons()


ASIDES = [
    ("How much is shipping to Canada?", "faq_policy"),
    ("Where is my order", "order_tracking"),
    ("thanks a lot", "chitchat"),
]


@pytest.mark.parametrize(("text", "use_case"), ASIDES)
async def test_an_aside_in_the_middle_is_answered_and_the_return_goes_on(
    talk: Talk, text: str, use_case: str
) -> None:
    await talk("I want to return #NRT618, it is the wrong volume")
    await talk("volume 10")
    assert (await talk(text)).use_case == use_case
    assert "Is this right?" in (await talk("my money back")).text
    assert (await talk(text)).use_case == use_case
    await talk("yes")
    assert len(talk.rows.opened) == 1


WORDS = [
    # what the customer says in turn, what the last reply holds, how many returns are open then
    (("return #BBB222", "I don't like it", "refund", "yes"), "R100001", 1),
    (("return #BBB222", "the cover is torn", "send me a new copy", "yes"), "Print the label", 1),
    (("return #NRT618, volume 9 is torn", "a new copy please", "yes"), "send a photo", 1),
    (("return #NRT618", "both of them", "it's too violent", "yes please"), "$36.98 goes back", 1),
    (("return #NRT618", "the second one", "2"), "money back, or an exchange", 0),
    (("return #NRT618", "volume 10", "I have it already", "1", "yes"), "R100001", 1),
    (("return #NRT618", "volume 10", "no, the other order"), "What is the reason?", 0),
    (("return #NRT618", "volume 10", "wrong volume", "refund", "no, volume 9"), "volume 9", 0),
    (("return #NRT618", "volume 10", "wrong volume", "refund", "no"), "Nothing was opened", 0),
    (("return #NRT618", "volume 10", "never mind"), "Nothing was opened", 0),
    (("return #NRT618", "cancel the return", "yes"), "", 0),
    (("return #BBB222", "hm, I just feel like it", "it is as it is"), "money back", 0),
]


@pytest.mark.parametrize(("words", "told", "opened_now"), WORDS, ids=lambda one: str(one)[:60])
async def test_customers_say_it_in_their_own_words(
    talk: Talk, words: tuple[str, ...], told: str, opened_now: int
) -> None:
    for text in words:
        reply = await talk(text)
    assert told in reply.text
    assert len(talk.rows.opened) == opened_now


async def test_a_person_can_be_had_in_the_middle_and_nothing_is_opened(talk: Talk) -> None:
    await talk("I want to return #NRT618, it is the wrong volume")
    assert (await talk("I want to talk to a human")).status is Status.FORWARDED
    assert (await talk("yes")).status is Status.FORWARDED
    assert talk.rows.opened == {}

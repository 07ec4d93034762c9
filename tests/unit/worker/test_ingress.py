import asyncio
import time
from dataclasses import replace

import pytest
from suites.people import KEY, PARTITIONS, ListedRows, arriving, key_of, record, route, said

import worker.ingress
from events.context import Context
from events.turn import Said, Turn
from events.wire import Undecodable, encode
from worker.ingress import Astray, Conflict, Fresh, Ingress, Refused, Stored, cleaned
from worker.throttle import Throttle


def ingress(rows: ListedRows) -> Ingress:
    return Ingress(rows, key_of, Throttle(lambda _: None), PARTITIONS)


async def opened(rows: ListedRows, spoken: Said) -> Turn:
    arrival = await ingress(rows)(arriving(spoken))
    assert isinstance(arrival, Fresh)
    return arrival.turn


async def answered(rows: ListedRows, spoken: Said, *, publish: bool = True) -> Turn:
    asked = await opened(rows, spoken)
    routed = asked.routed(route(asked))
    assert await rows.decide(routed)
    reply = routed.reply("done", leaves=Context(entities={"order_id": "ABC123"}))
    await rows.finish(routed, reply)
    if publish:
        await rows.published([(routed.session_id, routed.turn_id)])
    return routed


async def test_the_first_turn_is_numbered_one() -> None:
    asked = await opened(ListedRows(), said())
    assert (asked.turn_no, asked.gap, asked.context) == (1, False, Context())


async def test_the_next_turn_sees_what_the_last_one_left() -> None:
    rows = ListedRows()
    await answered(rows, said("one"))
    asked = await opened(rows, said("two"))
    assert asked.turn_no == 2
    assert asked.context.entities == {"order_id": "ABC123"}


async def test_a_turn_waits_for_its_predecessors_reply() -> None:
    rows = ListedRows()
    first = await answered(rows, said("one", no=1), publish=False)

    async def later() -> None:
        await asyncio.sleep(0.1)
        await rows.published([(first.session_id, first.turn_id)])

    started = time.monotonic()
    publishing = asyncio.create_task(later())
    asked = await opened(rows, said("two", no=2))
    assert time.monotonic() - started >= 0.1
    assert not asked.gap
    await publishing


async def test_a_gap_that_is_never_filled_is_marked_after_two_seconds() -> None:
    started = time.monotonic()
    asked = await opened(ListedRows(), said("three", no=3))
    assert asked.gap
    # Much less than a turn's twenty seconds, and more than a busy machine adds.
    assert 1.9 <= time.monotonic() - started <= 10.0


async def test_a_turn_behind_one_that_went_on_is_marked_while_an_earlier_one_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = ListedRows()
    await answered(rows, said("one", no=1), publish=False)
    monkeypatch.setattr(worker.ingress, "PREDECESSOR_WAIT_S", 0.0)
    await answered(rows, said("two", no=2))
    monkeypatch.setattr(worker.ingress, "PREDECESSOR_WAIT_S", 60.0)
    async with asyncio.timeout(10):
        asked = await opened(rows, said("three", no=3))
    assert asked.gap


async def test_a_late_turn_goes_on_at_once_and_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ListedRows()
    monkeypatch.setattr(worker.ingress, "PREDECESSOR_WAIT_S", 0.0)
    await answered(rows, said("two", no=2))
    monkeypatch.setattr(worker.ingress, "PREDECESSOR_WAIT_S", 60.0)
    async with asyncio.timeout(10):
        asked = await opened(rows, said("one", no=1))
    assert asked.gap


async def test_the_same_turn_again_gets_its_stored_route_then_its_reply() -> None:
    rows, spoken = ListedRows(), said("one")
    asked = await opened(rows, spoken)
    routed = asked.routed(route(asked))
    await rows.decide(routed)
    again = await ingress(rows)(arriving(spoken))
    assert isinstance(again, Stored)
    assert again.what == routed
    await rows.finish(routed, routed.reply("done"))
    answer = await ingress(rows)(arriving(spoken))
    assert isinstance(answer, Stored)
    assert answer.what == routed.reply("done").public()


async def test_another_text_under_a_taken_id_is_a_conflict() -> None:
    rows = ListedRows()
    await answered(rows, said("one", turn_id="t-1"))
    arrival = await ingress(rows)(arriving(said("another", turn_id="t-1")))
    assert isinstance(arrival, Conflict)


async def test_without_rows_a_turn_goes_on_marked() -> None:
    asked = await opened(ListedRows(away=True), said())
    assert asked.degraded == ("context",)


async def test_a_wrong_partition_is_noticed() -> None:
    stray = replace(arriving(said()), partition=(arriving(said()).partition + 1) % PARTITIONS)
    assert isinstance(await ingress(ListedRows())(stray), Astray)


async def test_a_long_text_is_refused() -> None:
    arrival = await ingress(ListedRows())(arriving(said("x" * 4001)))
    assert isinstance(arrival, Refused)
    assert arrival.reason == "too_long"
    assert len(arrival.turn.text) == 4000


async def test_text_that_was_not_signed_is_refused() -> None:
    forged = said("pay me").model_copy(update={"text": "pay you"})
    arrival = await ingress(ListedRows())(arriving(forged))
    assert isinstance(arrival, Refused)
    assert arrival.reason == "wrong_body_hash"


async def test_an_envelope_of_another_turn_is_refused() -> None:
    stolen = said(session="s-2").model_copy(update={"session_id": "s-1"})
    arrival = await ingress(ListedRows())(arriving(stolen))
    assert isinstance(arrival, Refused)
    assert arrival.reason == "replayed_envelope"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"value": b"{"}, "invalid_json"),
        ({"value": b"[]"}, "invalid_event"),
        ({"value": None}, "invalid_json"),
        ({"key": None}, "no_key"),
        ({"headers": {}}, "not_cloudevents"),
        ({"headers": {"ce_specversion": b"1.0", "ce_type": b"chat.turn.v9"}}, "wrong_type"),
    ],
)
async def test_what_cannot_be_decoded_says_why(change: dict[str, object], reason: str) -> None:
    broken = replace(arriving(said()), **change)  # type: ignore[arg-type]  # a table of fields
    with pytest.raises(Undecodable) as caught:
        await ingress(ListedRows())(broken)
    assert caught.value.reason == reason


async def test_a_negative_turn_no_is_no_event() -> None:
    message = encode(said(no=1), "test")
    value = message.value.replace(b'"turn_no":1', b'"turn_no":-1')
    with pytest.raises(Undecodable, match="turn_no") as caught:
        await ingress(ListedRows())(record(replace(message, value=value)))
    assert caught.value.reason == "invalid_event"


def test_cards_and_control_characters_do_not_go_on() -> None:
    assert cleaned("my card 4111 1111 1111 1111\x00!") == "my card [card ending 1111] !"
    assert cleaned("order 1234567890123456 ok") == "order 1234567890123456 ok"


async def test_masked_text_still_matches_its_redelivery() -> None:
    rows, spoken = ListedRows(), said("card 4111111111111111")
    routed = await answered(rows, spoken)
    assert "4111111111111111" not in routed.text
    assert isinstance(await ingress(rows)(arriving(spoken)), Stored)


def test_the_key_of_the_tests_signs() -> None:
    assert KEY.public_key() == key_of("web")

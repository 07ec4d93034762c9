"""The hub: nothing lost for a client that reads, nothing kept for one that does not."""

import asyncio
import time

from gateway.hub import MAX_WAITING, Event, Hub, Subscription

LATER = time.time() + 3_600


def event(number: int) -> Event:
    return Event("reply", str(number), f"0-{number}")


async def test_the_backlog_comes_before_what_is_live() -> None:
    hub, subscription = Hub(), Subscription([event(1), event(2)])
    with hub.listening("s", subscription):
        hub.publish("s", event(3))
        hub.publish("other", event(4))
        got = [await subscription.next(LATER) for _ in range(3)]
    assert got == [event(1), event(2), event(3)]


async def test_too_many_waiting_end_the_subscription_and_free_them() -> None:
    hub, subscription = Hub(), Subscription([event(0)])
    with hub.listening("s", subscription):
        for number in range(MAX_WAITING):
            hub.publish("s", event(number))
        assert not subscription.too_slow
        hub.publish("s", event(MAX_WAITING))
        assert subscription.too_slow
        assert await subscription.next(LATER) is None


async def test_closing_ends_waiting_and_later_subscriptions() -> None:
    hub, subscription = Hub(), Subscription([])
    with hub.listening("s", subscription):
        waiting = asyncio.create_task(subscription.next(LATER))
        await asyncio.sleep(0)
        hub.close()
        assert await waiting is None
    late = Subscription([event(1)])
    with hub.listening("s", late):
        assert await late.next(LATER) is None


async def test_a_subscription_ends_when_its_token_does() -> None:
    assert await Subscription([]).next(time.time() + 0.02) is None


async def test_who_left_is_not_counted() -> None:
    hub = Hub()
    with hub.listening("s", Subscription([])), hub.listening("s", Subscription([])):
        assert hub.count("s") == 2
    assert hub.count("s") == 0

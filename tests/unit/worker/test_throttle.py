from worker.throttle import BURST_S, Throttle


class Hands:
    now = 50.0

    def __call__(self) -> float:
        return self.now


def test_a_frontend_without_a_limit_always_passes() -> None:
    throttle = Throttle(lambda _: None)
    assert all(throttle.take("web") for _ in range(10_000))


def test_the_rate_is_the_registered_one_after_the_burst() -> None:
    hands = Hands()
    throttle = Throttle({"web": 10.0}.get, hands)
    assert sum(throttle.take("web") for _ in range(100)) == 10 * BURST_S
    hands.now += 1
    assert sum(throttle.take("web") for _ in range(100)) == 10


def test_frontends_do_not_share_a_bucket() -> None:
    throttle = Throttle({"web": 1.0, "app": 1.0}.get, Hands())
    assert [throttle.take(name) for name in ("web", "web", "web", "app")] == [
        True,
        True,
        False,
        True,
    ]


def test_a_rate_below_one_still_lets_a_turn_pass() -> None:
    hands = Hands()
    throttle = Throttle({"web": 0.1}.get, hands)
    assert throttle.take("web")
    assert not throttle.take("web")
    hands.now += 10
    assert throttle.take("web")

from worker.clock import BrokerClock


class Hands:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_before_the_first_sample_nothing_is_old() -> None:
    assert BrokerClock().age_s(0) == 0.0


def test_the_wall_clock_does_not_matter() -> None:
    hands = Hands()
    clock = BrokerClock(hands)
    clock.saw(1_000_000)
    hands.now += 7
    assert clock.age_s(1_000_000) == 7.0


def test_old_records_do_not_set_the_clock_back() -> None:
    hands = Hands()
    clock = BrokerClock(hands)
    clock.saw(1_000_000)
    clock.saw(400_000)
    assert clock.age_s(400_000) == 600.0


def test_a_broker_clock_set_back_is_followed() -> None:
    hands = Hands()
    clock = BrokerClock(hands)
    clock.saw(10_000_000)
    for _ in range(3):
        hands.now += 61
        clock.saw(int((hands.now - 100) * 1000))
    assert clock.age_s(int((hands.now - 100) * 1000)) == 0.0

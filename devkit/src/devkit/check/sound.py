"""A made-up run whose books balance: ground for planted errors, where no stack runs.

It holds what a real run holds: a turn sent twice after an unsure send, a raw duplicate of a reply,
a poisoned record, a refused turn, a conflict, a fault with a slow second after it; and models that
are called, killed in between, cut, and left alone for a while.
"""

from dataclasses import replace

from devkit.check import sound_models as models
from devkit.check.account import (
    Acked,
    Dead,
    Expected,
    Healed,
    Injected,
    Measured,
    Poisoned,
    Sample,
    Unsure,
)
from devkit.check.letters import CONFLICT
from devkit.check.papers import Papers
from devkit.check.purse import Booked, Purse
from devkit.check.sound_models import RUNNING, Till
from devkit.check.sound_turns import NORMAL_MS, Maker
from devkit.check.turns import key_of, shown
from events.reply import Status
from events.tier import Tier
from events.topics import INGRESS

EVERY_MS = 20
SLOW_MS = 900
POISON_SESSION = "sound-poison"


def _turn(maker: Maker, session: str, number: int, after_ms: int) -> None:
    asks = maker.random.random() < 0.5
    expected = Expected(
        use_case="order_tracking" if asks else "chitchat",
        tier=Tier.ORDER if asks else Tier.TEMPLATE,
        mentions="ABC123" if asks else None,
    )
    sending = maker.send(session, number, "Where is my order #ABC123" if asks else "hi", expected)
    if maker.random.random() < 0.1:
        maker.history.append(Unsure(send=sending.send, at_ms=maker.now))
        sending = maker.send(session, number, sending.text, expected)
    maker.ack(sending)
    seen = maker.answer(sending, after_ms)
    if seen.reply and maker.random.random() < 0.1:
        maker.see(seen.reply, seen.timestamp_ms + 1)


def _letter(maker: Maker, acked: Acked, reason: str) -> None:
    letter = Dead(topic=INGRESS, partition=acked.partition, offset=acked.offset, reason=reason)
    maker.dead.append(letter)


def _poison(maker: Maker) -> None:
    """A refused turn, a record that is no turn, a turn id used for two texts."""
    refused = Expected(status=Status.REFUSED, reason="bad_signature")
    sending = maker.send(POISON_SESSION, 1, "hi", refused)
    acked = maker.ack(sending)
    maker.answer(sending, NORMAL_MS)
    for name, at in (("bad_signature", acked.offset), ("invalid_json", acked.offset + 100)):
        place = acked.model_copy(update={"offset": at})
        maker.history.append(
            Poisoned(
                name=name,
                reasons=(name,),
                partition=place.partition,
                offset=place.offset,
                at_ms=maker.now,
            )
        )
        _letter(maker, place, name)
    maker.offsets[INGRESS, acked.partition] += 200
    first = maker.send(POISON_SESSION, 2, "hi", Expected(tier=Tier.TEMPLATE))
    maker.ack(first)
    maker.answer(first, NORMAL_MS)
    other = maker.send(POISON_SESSION, 2, "hello", Expected(tier=Tier.TEMPLATE))
    _letter(maker, maker.ack(other), CONFLICT)


def _samples(start: int, end: int) -> list[Sample]:
    moments = range(start, end + 40_000, 1_000)
    return [
        Sample(at_ms=at, group=group, committed=count, lag=count % 3)
        for count, at in enumerate(moments)
        for group in RUNNING.groups
    ]


def _models(till: Till) -> None:
    """Everything that can happen to a call, and a fault that takes a model away."""
    for number in range(1, 4):
        models.answered(till, "sound-asks", number)
        till.maker.now += EVERY_MS
    models.taken_over(till, "sound-killed", 1)
    models.cut(till, "sound-cut", 1, "hung", took_ms=3_100)
    models.cut(till, "sound-cut", 2, "stalled", took_ms=2_100)
    models.opened(till, "sound-breaker")
    models.returned(till, "sound-returns")
    models.handed(till, "sound-handed")
    _without_model(till)


def _without_model(till: Till) -> None:
    """A fault, a turn that retrieval answered alone because of it, and the end of the fault."""
    maker = till.maker
    maker.now += 2_000
    away = Injected(fault=16, what="529", at_ms=maker.now, takes=("breaker",))
    maker.history.append(away)
    sending = till.asked("sound-alone", 1, models.RECOMMENDED)
    till.answers(sending, epoch=0, tier=Tier.RAG, degraded=("breaker:big",))
    maker.now += EVERY_MS
    ladder = Measured(fault=16, what="the ladder's P95", value=NORMAL_MS, unit="ms")
    maker.history += [Healed(fault=16, at_ms=maker.now), ladder]


def _booked(till: Till) -> Purse:
    """The purse with every answered turn in the ledger."""
    answered = dict.fromkeys(key_of(reply) for reply in shown(till.maker.egress))
    booked = (Booked(session_id=session, turn_id=turn) for session, turn in answered)
    return replace(till.purse(), booked=tuple(booked))


def sound(*, sessions: int = 12, turns: int = 40, seed: int = 1) -> Papers:
    """A run of `sessions` × `turns` turns, 20 ms apart, with a fault in its middle, then calls."""
    maker = Maker(seed)
    till = Till(maker)
    maker.history.append(RUNNING)
    start, middle = maker.now, turns // 2
    for number in range(1, turns + 1):
        if number == middle:
            what = "kill -9 template-0"
            maker.history.append(Injected(fault=1, what=what, at_ms=maker.now))
            _poison(maker)
        for session in range(sessions):
            _turn(maker, f"sound-{session}", number, SLOW_MS if number == middle else NORMAL_MS)
            maker.now += EVERY_MS
    _models(till)
    maker.now += 3_000
    _turn(maker, "sound-0", turns + 1, NORMAL_MS)
    return Papers(
        history=tuple(maker.history),
        egress=tuple(maker.egress),
        effects=tuple(maker.effects),
        dead=tuple(maker.dead),
        samples=tuple(_samples(start, maker.now)),
        previews=tuple(till.pieces),
        packets=tuple(till.packets),
        returns=tuple(till.returns),
        purse=_booked(till),
    )

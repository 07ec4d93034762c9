"""Errors put into a run's papers on purpose, to show that the books find each of them."""

from collections.abc import Iterable
from dataclasses import replace

from devkit.check.account import Complaint, Dead, Injected, Poisoned, Sample, Seen
from devkit.check.papers import Papers
from devkit.check.planting import NothingToPlant, Plant, changed, first, reply_of, without
from devkit.check.turns import key_of, shown, turns_of
from events.reply import Reply
from events.tier import Tier


def _lost(papers: Papers) -> Papers:
    return papers.with_egress(*without(papers, reply_of(papers)))


def _end(papers: Papers, partition: int) -> int:
    return (
        max((seen.offset for seen in papers.egress if seen.partition == partition), default=0) + 1
    )


def _again(papers: Papers, reply: Reply, partition: int, at_ms: int) -> Papers:
    offset = _end(papers, partition)
    seen = Seen(partition=partition, offset=offset, timestamp_ms=at_ms, reply=reply)
    return papers.with_egress(*papers.egress, seen)


def _phantom(papers: Papers) -> Papers:
    seen = first(papers)
    assert seen.reply
    stranger = seen.reply.model_copy(update={"turn_id": "never-said", "turn_no": None})
    return _again(papers, stranger, seen.partition, seen.timestamp_ms)


def _broken(papers: Papers) -> Papers:
    offset = _end(papers, 0)
    broken = Seen(partition=0, offset=offset, timestamp_ms=0, broken="invalid_json: not a reply")
    return papers.with_egress(*papers.egress, broken)


def _astray(papers: Papers) -> Papers:
    """The same reply in a second partition: readers of both show it."""
    seen = first(papers)
    assert seen.reply
    return _again(papers, seen.reply, seen.partition + 1, seen.timestamp_ms)


def _inverted(papers: Papers) -> Papers:
    """A session's first answer moved behind all its others."""
    later = {r.session_id for r in shown(papers.egress) if (r.turn_no or 0) > 1 and not r.gap}
    seen = first(papers, lambda r: r.session_id in later and r.turn_no == 1 and not r.gap)
    assert seen.reply
    rest = papers.with_egress(*without(papers, seen.reply))
    return _again(rest, seen.reply, seen.partition, seen.timestamp_ms)


def _order_turn(papers: Papers) -> Reply:
    return reply_of(papers, lambda reply: reply.tier is Tier.ORDER)


def _no_effect(papers: Papers) -> Papers:
    key = key_of(_order_turn(papers))
    kept = tuple(e for e in papers.effects if (e.session_id, e.turn_id) != key)
    return replace(papers, effects=kept)


def _two_effects(papers: Papers) -> Papers:
    key = key_of(_order_turn(papers))
    same = next(e for e in papers.effects if (e.session_id, e.turn_id) == key)
    return replace(papers, effects=(*papers.effects, same))


def _stray_effect(papers: Papers) -> Papers:
    effect = papers.effects[0] if papers.effects else None
    if effect is None:
        raise NothingToPlant("no effect in the run")
    stray = effect.model_copy(update={"turn_id": "never-answered"})
    return replace(papers, effects=(*papers.effects, stray))


def _wrong_tier(papers: Papers) -> Papers:
    seen = first(papers, lambda reply: reply.tier is Tier.TEMPLATE and not reply.degraded)
    return changed(papers, seen, tier=Tier.LLM)


def _wrong_facts(papers: Papers) -> Papers:
    seen = first(papers, lambda reply: reply.tier is Tier.ORDER and not reply.degraded)
    return changed(papers, seen, text="Order ZZZ999 is on its way.")


def _poisons(papers: Papers) -> Iterable[Poisoned]:
    return (e for e in papers.history if isinstance(e, Poisoned) and e.offset is not None)


def _place_of_poison(papers: Papers) -> Poisoned:
    poisoned = next(iter(_poisons(papers)), None)
    if poisoned is None:
        raise NothingToPlant("no poison in the run (fault 18)")
    return poisoned


def _no_letter(papers: Papers) -> Papers:
    poison = _place_of_poison(papers)
    place = (poison.partition, poison.offset)
    kept = tuple(d for d in papers.dead if (d.partition, d.offset) != place)
    return replace(papers, dead=kept)


def _two_letters(papers: Papers) -> Papers:
    poison = _place_of_poison(papers)
    place = (poison.partition, poison.offset)
    letter = next(d for d in papers.dead if (d.partition, d.offset) == place)
    return replace(papers, dead=(*papers.dead, letter.model_copy(update={"reason": "bug"})))


def _stray_letter(papers: Papers) -> Papers:
    letter = Dead(topic="chat.tier.order", partition=0, offset=0, reason="bug")
    return replace(papers, dead=(*papers.dead, letter))


def _standstill(papers: Papers) -> Papers:
    end = max((sample.at_ms for sample in papers.samples), default=0)
    still = [Sample(at_ms=end + s * 1000, group="order", committed=10, lag=5) for s in range(1, 19)]
    return replace(papers, samples=(*papers.samples, *still))


def _blind(papers: Papers) -> Papers:
    idle = tuple(sample.model_copy(update={"committed": 0}) for sample in papers.samples)
    return replace(papers, samples=idle)


def _broken_promise(papers: Papers) -> Papers:
    complaint = Complaint(fault=18, what="the next turn of the partition was not answered")
    return replace(papers, history=(*papers.history, complaint))


def _too_late(papers: Papers) -> Papers:
    """The first fault now promises that all goes on at once."""
    fault = next((entry for entry in papers.history if isinstance(entry, Injected)), None)
    if fault is None:
        raise NothingToPlant("no fault in the run")
    hasty = fault.model_copy(update={"within_s": 0.0001})
    changed = tuple(hasty if entry == fault else entry for entry in papers.history)
    return replace(papers, history=changed)


def _never_back(papers: Papers) -> Papers:
    """Every reply from the last fault on comes ten seconds later."""
    faults = [entry.at_ms for entry in papers.history if isinstance(entry, Injected)]
    if not faults:
        raise NothingToPlant("no fault in the run")
    first = {key: turn.sends[0].at_ms for key, turn in turns_of(papers.history).items()}

    def late(seen: Seen) -> Seen:
        asked = first.get(key_of(seen.reply), 0) if seen.reply else 0
        delay = 10_000 if asked >= max(faults) else 0
        return seen.model_copy(update={"timestamp_ms": seen.timestamp_ms + delay})

    return papers.with_egress(*(late(seen) for seen in papers.egress))


TURNS: tuple[Plant, ...] = (
    Plant("a lost turn", "lost", _lost),
    Plant("a reply to nothing", "phantom", _phantom),
    Plant("a record that is no reply", "phantom", _broken),
    Plant("a reply in a second partition", "duplicate", _astray),
    Plant("a turn answered after a later one", "order", _inverted),
    Plant("a missing effect", "effects", _no_effect),
    Plant("a doubled effect", "effects", _two_effects),
    Plant("an effect without an answer", "effects", _stray_effect),
    Plant("an answer from another tier", "wrong", _wrong_tier),
    Plant("an answer about another order", "wrong", _wrong_facts),
    Plant("poison without a dead letter", "dead letters", _no_letter),
    Plant("poison with two dead letters", "dead letters", _two_letters),
    Plant("a dead letter of a good record", "dead letters", _stray_letter),
    Plant("a fault's promise not kept", "faults", _broken_promise),
    Plant("going on later than a fault allows", "faults", _too_late),
    Plant("a group that stands still", "progress", _standstill),
    Plant("a watcher that saw no group move", "progress", _blind),
    Plant("a fault never recovered from", "recovery", _never_back),
)

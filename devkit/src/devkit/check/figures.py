"""The figures of a run that are reported without being judged."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from devkit.check.account import Dead
from devkit.check.pace import latencies, percentile
from devkit.check.papers import Papers
from devkit.check.purse import Call, Purse
from devkit.check.turns import Key, key_of, shown, turns_of
from events.reply import Reply

Figures = Mapping[str, float]


def figures(papers: Papers) -> Figures:
    """Counts of turns, replies and letters; of calls and what they cost, where any was made."""
    accepted = shown(papers.egress)
    return {
        **_of_turns(papers, accepted),
        **_of_letters(papers.dead),
        **_of_answers(accepted),
        **_of_pace(papers),
        **(_of_calls(papers) if papers.purse.calls else {}),
    }


def _of_turns(papers: Papers, accepted: Sequence[Reply]) -> Figures:
    turns = turns_of(papers.history).values()
    replies = [seen.reply for seen in papers.egress if seen.reply]
    return {
        "turns sent": len(turns),
        "turns acked": sum(bool(turn.acks) for turn in turns),
        "sends without an answer of the broker": sum(turn.unsure for turn in turns),
        "replies accepted": len(accepted),
        "raw duplicates": len(replies) - len({key_of(reply) for reply in replies}),
    }


def _of_letters(dead: Sequence[Dead]) -> Figures:
    letters = {(d.topic, d.partition, d.offset, d.reason) for d in dead}
    return {
        "dead letters": len(letters),
        "raw duplicates of dead letters": len(dead) - len(letters),
    }


def _of_answers(accepted: Sequence[Reply]) -> Figures:
    statuses = Counter(f"status {reply.status.value}" for reply in accepted)
    tiers = Counter(f"tier {reply.tier.value}" for reply in accepted if reply.tier)
    marks = Counter(f"marked {mark}" for reply in accepted for mark in set(reply.degraded))
    return {
        "turns marked gap": sum(reply.gap for reply in accepted),
        "answers degraded": sum(bool(reply.degraded) for reply in accepted),
        **{
            name: count
            for found in (statuses, tiers, marks)
            for name, count in sorted(found.items())
        },
    }


def _of_pace(papers: Papers) -> Figures:
    """P50 and P95 in milliseconds of each tier, faults and all."""
    sends = {key: turn.sends[0].at_ms for key, turn in turns_of(papers.history).items()}
    by_tier: dict[str, list[float]] = defaultdict(list)
    for one in latencies(sends, papers.egress):
        by_tier[one.lane[1] or "none"].append(one.took_ms)
    return {
        f"{tier} P{share} ms": percentile(values, share / 100)
        for tier, values in sorted(by_tier.items())
        for share in (50, 95)
    }


def _of_calls(papers: Papers) -> Figures:
    purse = papers.purse
    bills = [bill for bill in purse.billed if not bill.free]
    adjusted = [entry for entry in purse.entered if entry.kind == "adjustment"]
    return {
        "calls": len(purse.calls),
        "calls billed by the provider": len(bills),
        "calls cut": sum(not bill.complete for bill in bills),
        "dollars billed by the provider": sum(bill.cost_nano_usd for bill in bills) / 1e9,
        "dollars in our calls": sum(call.cost_nano_usd for call in purse.calls) / 1e9,
        "dollars in the ledger": sum(entry.cost_nano_usd for entry in purse.entered) / 1e9,
        "dollars that no reply carries": sum(entry.cost_nano_usd for entry in adjusted) / 1e9,
        "turns of several epochs": sum(claim.epoch > 1 for claim in purse.claims),
        "dearest of them, times its complete call": _dearest(purse),
        "previews": len(papers.previews),
        "returns opened": len(papers.returns),
        "hand-off packets": len(papers.packets),
    }


def _dearest(purse: Purse) -> float:
    """The highest cost of a turn with several epochs, as a multiple of its complete call's."""
    bills, made = purse.bills, defaultdict[Key, list[Call]](list)
    for call in purse.calls:
        made[call.key].append(call)
    several = {(c.session_id, c.turn_id) for c in purse.claims if c.epoch > 1}
    multiples = [0.0]
    for key in several:
        whole = [c for c in made[key] if (bill := bills.get(c.call_id)) and bill.complete]
        most = max((call.cost_nano_usd for call in whole), default=0)
        if most:
            multiples.append(sum(call.cost_nano_usd for call in made[key]) / most)
    return round(max(multiples), 2)

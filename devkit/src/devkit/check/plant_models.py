"""Errors of models, money and hand-overs put into a run's papers, as `plant` does with turns."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from devkit.check.papers import Papers
from devkit.check.planting import NothingToPlant, Plant, changed, first, without
from devkit.check.purse import Bill, Call, Entered
from devkit.check.turns import key_of
from events.reply import Reply


def _with(papers: Papers, **rows: Iterable[Any]) -> Papers:
    """The same run with other rows in its purse."""
    return replace(papers, purse=replace(papers.purse, **{k: tuple(v) for k, v in rows.items()}))


def _whole(papers: Papers, wanted: Callable[[Call], bool] = lambda call: True) -> Call:
    """The first call that was paid for and whose answer is complete."""
    bills = papers.purse.bills
    for call in papers.purse.calls:
        bill = bills.get(call.call_id)
        if call.state == "billed" and bill and bill.complete and wanted(call):
            return call
    raise NothingToPlant("no complete call in the run")


def _other_call(papers: Papers, call: Call, **fields: object) -> Papers:
    other = call.model_copy(update=fields)
    return _with(papers, calls=(other if one == call else one for one in papers.purse.calls))


def _other_bill(papers: Papers, call: Call, **fields: object) -> Papers:
    bill = papers.purse.bills[call.call_id]
    other = bill.model_copy(update=fields)
    return _with(papers, billed=(other if one == bill else one for one in papers.purse.billed))


def _dearer(papers: Papers) -> Papers:
    call = _whole(papers)
    return _other_bill(papers, call, output_tokens=call.output_tokens + 1)


def _unpaid(papers: Papers) -> Papers:
    """The provider has billed a call that our books do not know."""
    stranger = papers.purse.bills[_whole(papers).call_id].model_copy(update={"call_id": "0" * 32})
    return _with(papers, billed=(*papers.purse.billed, stranger))


def _unknown(papers: Papers) -> Papers:
    return _other_call(papers, _whole(papers), state="unknown")


def _entry(papers: Papers) -> Entered:
    if not papers.purse.entered:
        raise NothingToPlant("nothing in the ledger")
    return papers.purse.entered[0]


def _entered_twice(papers: Papers) -> Papers:
    return _with(papers, entered=(*papers.purse.entered, _entry(papers)))


def _not_entered(papers: Papers) -> Papers:
    entry = _entry(papers)
    return _with(papers, entered=(one for one in papers.purse.entered if one is not entry))


def _not_booked(papers: Papers) -> Papers:
    return _with(papers, booked=papers.purse.booked[1:])


def _booked_twice(papers: Papers) -> Papers:
    return _with(papers, booked=(*papers.purse.booked, *papers.purse.booked[:1]))


def _untold(papers: Papers) -> Papers:
    """A reply that keeps quiet about what it cost."""
    return changed(papers, first(papers, lambda reply: bool(reply.usage)), usage=())


def _overspent(papers: Papers) -> Papers:
    if papers.running.cap_usd is None:
        raise NothingToPlant("the run has no cap")
    dear = round(papers.running.cap_usd * 1e9) + 1
    return _other_call(papers, _whole(papers), cost_nano_usd=dear)


def _held(papers: Papers) -> Papers:
    if not papers.purse.spends:
        raise NothingToPlant("no session spent anything")
    held, *rest = papers.purse.spends
    return _with(papers, spends=(held.model_copy(update={"reserved_nano_usd": 1}), *rest))


def _again(papers: Papers, epoch: int, times: int) -> Papers:
    """A complete call, made and paid for some more times."""
    call = _whole(papers)
    bill = papers.purse.bills[call.call_id]
    calls: list[Call] = list(papers.purse.calls)
    billed: list[Bill] = list(papers.purse.billed)
    for number in range(times):
        other = {"call_id": f"{number:032x}", "epoch": epoch + number * (epoch > 1)}
        calls.append(call.model_copy(update=other))
        billed.append(bill.model_copy(update={"call_id": other["call_id"]}))
    return _with(papers, calls=calls, billed=billed)


def _three_calls(papers: Papers) -> Papers:
    return _again(papers, epoch=_whole(papers).epoch, times=2)


def _three_times(papers: Papers) -> Papers:
    """Each owner asked once, and there were three of them."""
    return _again(papers, epoch=100, times=2)


def _half_recorded(papers: Papers) -> Papers:
    return _other_bill(papers, _whole(papers), end="early_eof")


def _half_told(papers: Papers) -> Papers:
    """A call that was cut is reconciled as it must be, yet a reply carries it."""
    key = key_of(_reply(first(papers, lambda reply: bool(reply.usage)).reply))
    call = _whole(papers, lambda call: call.key == key)
    return _other_call(_other_bill(papers, call, end="left"), call, state="reconciled")


def _reply(reply: Reply | None) -> Reply:
    assert reply
    return reply


def _patient(papers: Papers) -> Papers:
    """A call without a first event that was waited for five seconds too long."""
    call = _whole(papers, lambda call: call.model in papers.running.models)
    limit_ms = papers.running.models[call.model].first_event_s * 1000
    return _other_call(papers, call, why="hung", ended_ms=call.started_ms + limit_ms + 5_000)


def _into_open(papers: Papers) -> Papers:
    """So many failures of one worker, then a call half a pause later."""
    call, spec = _whole(papers, lambda call: call.owner is not None), papers.running.breaker
    if spec is None:
        raise NothingToPlant("the run has no breaker")
    free = dict.fromkeys(("input_tokens", "output_tokens", "cost_nano_usd"), 0)
    start = max(one.started_ms for one in papers.purse.calls) + 60_000
    moments = [start + number for number in range(spec.failures)]
    moments.append(start + spec.open_s * 500)
    late = (
        call.model_copy(
            update={
                **free,
                "call_id": f"{number:032x}",
                "why": "overloaded",
                "started_ms": at,
                "ended_ms": at + 1,
            }
        )
        for number, at in enumerate(moments)
    )
    return _with(papers, calls=(*papers.purse.calls, *late))


def _lost_answer(papers: Papers) -> Papers:
    seen = first(papers, lambda reply: bool(reply.usage))
    return papers.with_egress(*without(papers, _reply(seen.reply)))


MODELS: tuple[Plant, ...] = (
    Plant("a model's answer that is lost", "lost", _lost_answer),
    Plant("a call that the provider billed otherwise", "money", _dearer),
    Plant("a call that only the provider knows", "money", _unpaid),
    Plant("a call whose bill is not known", "money", _unknown),
    Plant("a call that the ledger has twice", "money", _entered_twice),
    Plant("a call that the ledger has not", "money", _not_entered),
    Plant("an answered turn that is not booked", "money", _not_booked),
    Plant("a turn booked twice", "money", _booked_twice),
    Plant("a reply that hides its cost", "money", _untold),
    Plant("a session above its cap", "spend", _overspent),
    Plant("money that stays held", "spend", _held),
    Plant("a second retry", "twice", _three_calls),
    Plant("a turn paid for three times", "twice", _three_times),
    Plant("half an answer recorded as billed", "whole", _half_recorded),
    Plant("half an answer told as one", "whole", _half_told),
    Plant("a silent model waited for too long", "limits", _patient),
    Plant("a call into an open breaker", "breaker", _into_open),
)

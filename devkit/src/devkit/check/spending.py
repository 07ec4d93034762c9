"""The books of money: ours, the provider's and the ledger's agree; nothing is paid for twice."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from devkit.check.book import Book
from devkit.check.purse import Bill, Call, Entered, Key, Purse, Tokens
from devkit.check.turns import key_of, name_of
from events.reply import Reply, Usage

MOST_CALLS = 2
"""Calls an owner may make for one turn: one, and one retry."""

Used = tuple[str, Tokens, int]
"""Model, tokens of the four kinds, nano-dollars."""

Sum = Counter[Used]


def money(purse: Purse, accepted: Sequence[Reply]) -> Book:
    """Differences between our calls, the provider's book, the ledger's and the replies' usage."""
    promise = (
        "our calls, the provider's book, the ledger's and the replies' agree to the last token"
    )
    booked = _turns_booked(purse, accepted) if purse.calls else ()
    wrong = (*_unlike(purse), *_unbooked(purse), *_untold(purse, accepted), *booked)
    return Book("money", promise, wrong)


def _unlike(purse: Purse) -> Iterable[str]:
    """Calls that the provider's book has otherwise, or not at all; and the other way round."""
    bills = purse.bills
    for call in purse.calls:
        if call.state in ("started", "unknown"):
            yield f"call {call.call_id} of {name_of(call.key)} is {call.state}"
        elif (ours := _paid(call)) != (theirs := _paid(bills.get(call.call_id))):
            yield f"call {call.call_id} of {name_of(call.key)}: {ours}, the provider has {theirs}"
    known = {call.call_id for call in purse.calls}
    for bill in purse.billed:
        if bill.call_id not in known:
            yield f"the provider billed call {bill.call_id}, which we do not know"


def _paid(call: Call | Bill | None) -> tuple[Tokens, int]:
    return (call.tokens, call.cost_nano_usd) if call else ((0, 0, 0, 0), 0)


def _unbooked(purse: Purse) -> Iterable[str]:
    """Turns whose calls are not what the ledger has entered for them."""
    called = _by_turn(call for call in purse.calls if not call.free)
    entered = _by_turn(purse.entered)
    for key in sorted(called.keys() | entered.keys()):
        if called[key] != entered[key]:
            yield (
                f"{name_of(key)}: {called[key].total()} calls of {_usd(called[key])}, "
                f"the ledger has {entered[key].total()} of {_usd(entered[key])}"
            )


def _by_turn(rows: Iterable[Call | Entered]) -> dict[Key, Sum]:
    sums: dict[Key, Sum] = defaultdict(Counter)
    for row in rows:
        sums[row.key][used(row)] += 1
    return sums


def used(row: Call | Entered | Usage) -> Used:
    """What a call used and cost, whoever says so."""
    if not isinstance(row, Usage):
        return row.model, row.tokens, row.cost_nano_usd
    asked = (row.input_tokens, row.output_tokens, row.cached_tokens, row.cache_write_tokens)
    return row.model, asked, round(row.cost_usd * 1e9)


def _usd(sums: Sum) -> str:
    return f"${sum(kind[2] * count for kind, count in sums.items()) / 1e9:.9f}"


def _turns_booked(purse: Purse, accepted: Iterable[Reply]) -> Iterable[str]:
    """Turns that were answered and are not in the ledger once, and others that are."""
    rows = Counter((booked.session_id, booked.turn_id) for booked in purse.booked)
    answered = {key_of(reply) for reply in accepted}
    for key in sorted(answered | rows.keys()):
        if rows[key] != (key in answered):
            told = "answered" if key in answered else "never answered"
            yield f"{name_of(key)}: {told}, booked {rows[key]} times"


def _untold(purse: Purse, accepted: Iterable[Reply]) -> Iterable[str]:
    """Replies that carry a call which was not made, or other calls than the ledger has for them."""
    called = _by_turn(purse.calls)
    booked = _by_turn(entry for entry in purse.entered if entry.kind == "booking")
    for reply in accepted:
        told = Counter(used(usage) for usage in reply.usage)
        key = key_of(reply)
        if told - called[key]:
            yield f"{name_of(key)}: its reply carries a call that was not made"
        if told != booked[key]:
            counts = f"{told.total()} calls, {booked[key].total()} booked"
            yield f"{name_of(key)}: its reply carries {counts}"


def spend(purse: Purse, cap_usd: float | None) -> Book:
    """Sessions that spent more than their cap, or whose account is not the sum of their calls."""
    promise = "no session spends more than its cap, and its account is the sum of its calls"
    if cap_usd is None:
        return Book("spend", promise)
    spent: Counter[str] = Counter()
    for call in purse.calls:
        spent[call.session_id] += call.cost_nano_usd
    return Book("spend", promise, (*_overspent(spent, cap_usd), *_accounts(purse, spent)))


def _overspent(spent: Mapping[str, int], cap_usd: float) -> Iterable[str]:
    for session, nano in spent.items():
        if nano > round(cap_usd * 1e9):
            yield f"{session}: ${nano / 1e9:.6f}, at most ${cap_usd}"


def _accounts(purse: Purse, spent: Mapping[str, int]) -> Iterable[str]:
    accounts = {one.session_id: one for one in purse.spends}
    for session in sorted(accounts.keys() | spent.keys()):
        account = accounts.get(session)
        if account is None or account.spent_nano_usd != spent[session]:
            kept = account.spent_nano_usd if account else None
            yield f"{session}: its calls cost {spent[session]} nano-dollars, its account has {kept}"
        elif account.reserved_nano_usd:
            yield f"{session}: {account.reserved_nano_usd} nano-dollars are still held"


def twice(purse: Purse) -> Book:
    """Turns that were asked or paid for too often.

    Of a turn with a complete call, all calls together take at most twice its tokens, prompt and
    answer apart. At equal prices that is twice its money; a prompt's price depends on whether the
    provider had it in its cache, which no repetition can help.
    """
    promise = "a turn is asked twice an owner at most, and costs twice its complete call at most"
    calls: dict[Key, list[Call]] = defaultdict(list)
    for call in purse.calls:
        calls[call.key].append(call)
    wrong = [
        f"{name_of(key)}: {how}" for key, made in calls.items() for how in _too_often(made, purse)
    ]
    return Book("twice", promise, tuple(wrong))


def _too_often(made: Sequence[Call], purse: Purse) -> Iterable[str]:
    for epoch, count in Counter(call.epoch for call in made).items():
        if count > MOST_CALLS:
            yield f"epoch {epoch} made {count} calls"
    bills = purse.bills
    whole = [call for call in made if (bill := bills.get(call.call_id)) and bill.complete]
    for name, tokens_of in (("prompt", _prompt), ("answer", _answer)):
        total, most = sum(map(tokens_of, made)), max(map(tokens_of, whole), default=0)
        if whole and total > 2 * most:
            yield f"{total} tokens of {name}, its complete call had {most}"


def _prompt(call: Call) -> int:
    return call.input_tokens + call.cached_tokens + call.cache_write_tokens


def _answer(call: Call) -> int:
    return call.output_tokens

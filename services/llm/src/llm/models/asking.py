"""Makes one call and passes its words on: timed, traced, told to the breaker and the quota."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from opentelemetry.util.types import AnyValue

from llm.measure import cache_missed
from llm.models.failure import UNBILLED, CallFailed, Kind
from llm.models.model import Model, Permit
from llm.models.provider import Delta, Event, Opened, Request, Whole
from llm.money.call import Bill, BillState
from llm.money.claims import Claim
from llm.money.tokens import Tokens
from llm.prompt import CHARACTERS_PER_TOKEN, Prompt
from llm.writing import Writing
from playbook.price import Price
from telemetry.chat import Billed, Chat, chatting
from telemetry.names import Attribute

log = logging.getLogger(__name__)

ENDS = frozenset({"end_turn", "stop_sequence"})
CUT_OFF = frozenset({"max_tokens", "model_context_window_exceeded"})
"""The answer is one, as far as it goes: whole sentences of it are kept."""


class Streams(Protocol):
    """What is needed of the provider."""

    def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """See `llm.models.provider.Provider.stream`."""
        ...


@dataclass(frozen=True)
class Told:
    """An answer that came; not `whole` where the model was cut off at its limit."""

    bill: Bill
    whole: bool


def bill_of(failure: CallFailed, price: Price) -> Bill:
    """What a failed call cost: nothing, what it said, or nobody knows yet."""
    if failure.tokens is not None:
        cost = failure.tokens.cost_usd(price)
        return Bill(BillState.BILLED, failure.tokens, cost, failure.kind)
    state = BillState.BILLED if failure.kind in UNBILLED else BillState.UNKNOWN
    return Bill(state, why=failure.kind)


class Asking:
    """Asks models. `simulated` says that no real one is behind the provider."""

    def __init__(self, provider: Streams, *, simulated: bool) -> None:
        self._provider = provider
        self._simulated = simulated

    async def ask(
        self, model: Model, claim: Claim, prompt: Prompt, permit: Permit, writing: Writing
    ) -> Told:
        """The words go to `writing` as they come. Raises CallFailed."""
        request = Request(claim.call.call_id, model.spec, prompt.system, prompt.user)
        own: dict[str, AnyValue] = {
            Attribute.SESSION: claim.turn.session_id,
            Attribute.TURN: claim.turn.turn_id,
            Attribute.TASK: str(claim.turn.task),
            Attribute.EPOCH: claim.epoch,
            Attribute.CALL: claim.call.call_id,
        }
        spec = model.spec
        with chatting(
            spec.api_name, spec.max_tokens, simulated=self._simulated, own={**own}
        ) as chat:
            try:
                whole = await self._read(request, model, chat, writing)
                told = _told(whole, model, chat)
            except CallFailed as failed:
                # What is refused is our own mistake: a wrong key, a request that is none.
                level = logging.ERROR if failed.kind is Kind.REFUSED else logging.WARNING
                log.log(level, "call %s of %s failed: %s", request.call_id, model.name, failed)
                chat.failed(failed.kind)
                permit.failed(failed)
                raise
            permit.succeeded(whole.tokens)
            writing.end(whole=told.whole)
        _watch_cache(prompt, model, whole.tokens)
        return told

    async def _read(self, request: Request, model: Model, chat: Chat, writing: Writing) -> Whole:
        whole: Whole | None = None
        async with aclosing(self._provider.stream(request)) as events:
            async for event in events:
                match event:
                    case Opened():
                        chat.opened(event.response_id, event.model)
                        model.heard(event.left)
                    case Delta():
                        chat.chunk()
                        writing.add(event.text)
                    case Whole():
                        whole = event
        if whole is None:
            raise CallFailed(Kind.CUT, "the provider said nothing of the end")
        return whole


def _told(whole: Whole, model: Model, chat: Chat) -> Told:
    used, cost = whole.tokens, whole.tokens.cost_usd(model.price)
    counts = (used.input, used.output, used.cached, used.cache_write)
    chat.billed(Billed(whole.stop_reason, *counts, cost))
    if whole.stop_reason not in ENDS | CUT_OFF:
        raise CallFailed(Kind.DECLINED, f"stopped by {whole.stop_reason}", tokens=used)
    return Told(Bill(BillState.BILLED, used, cost), whole.stop_reason in ENDS)


def _watch_cache(prompt: Prompt, model: Model, used: Tokens) -> None:
    """Below a minimum nothing is cached, and the provider does not say so."""
    expected = len(prompt.system) / CHARACTERS_PER_TOKEN
    if expected > model.spec.cache_minimum_tokens * 1.2 and not used.cached + used.cache_write:
        cache_missed(model.name)
        log.warning("%s caches nothing of a prefix of some %d tokens", model.name, expected)

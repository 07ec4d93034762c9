"""One admitted call: what it will answer, how fast, and what breaks."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.requests import Request

from devkit.simulator.ask import Ask, parse
from devkit.simulator.cache import Counted
from devkit.simulator.door import check_headers
from devkit.simulator.evidence import read
from devkit.simulator.fault import Fault, Kind
from devkit.simulator.model import Model
from devkit.simulator.profile import Label
from devkit.simulator.provider import Provider
from devkit.simulator.stopping import Stop, still_there, stopped

CALL_HEADER = "x-tierwise-call"


@dataclass(frozen=True)
class Arrival:
    """When a request came, by the loop's clock and in milliseconds since 1970, and its number."""

    at: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    at_ms: float = field(default_factory=lambda: time.time() * 1000)
    request_id: str = field(default_factory=lambda: f"req_{uuid4().hex[:24]}")


@dataclass(frozen=True)
class Job:
    """A call that was let in. Seconds count from its arrival."""

    arrival: Arrival
    call: str | None
    ask: Ask
    model: Model
    task: str
    counted: Counted
    answer: Stop
    labels: tuple[Label, ...]
    profile: str
    fault: Fault | None
    first_token_s: float
    token_s: float

    def usage(self, output_tokens: int) -> dict[str, Any]:
        """The usage object of a message."""
        return {
            "input_tokens": self.counted.plain,
            "cache_creation_input_tokens": self.counted.written,
            "cache_read_input_tokens": self.counted.read,
            "output_tokens": output_tokens,
        }


async def admit(provider: Provider, request: Request, arrival: Arrival) -> Job:
    """Let a call in. Raises Refusal as the provider would, or as a fault says."""
    check_headers(request.headers)
    ask = parse(await request.body(), Ask)
    model = provider.models.of(ask.model)
    fault = provider.faults.take(model)
    if fault and (refusal := fault.refusal()):
        raise refusal
    counted = provider.cache.count(ask, model)
    provider.quotas[model.name].admit(counted.tokens - counted.read)
    written = provider.choice.write(ask)
    answer = stopped(written.text, ask.max_tokens, ask.stop_sequences)
    slower = fault.factor if fault and fault.kind is Kind.SLOW else 1.0
    return Job(
        arrival=arrival,
        call=request.headers.get(CALL_HEADER),
        ask=ask,
        model=model,
        task=read(ask).task,
        counted=counted,
        answer=answer,
        labels=still_there(written.labels, answer.text),
        profile=provider.choice.profile,
        fault=fault,
        first_token_s=provider.pace.first_token_s(model) * slower,
        token_s=provider.pace.token_s(model) * slower,
    )

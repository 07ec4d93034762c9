"""One model as this worker may use it: places, breaker, quota, price."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from events.task import Task
from llm.models.breaker import Breaker, State
from llm.models.failure import UNBILLED, CallFailed, Closed
from llm.models.quota import Need, Quota
from llm.money.tokens import Tokens, bound, dearest_usd
from playbook.model import BreakerSpec, ModelSpec
from playbook.price import Price
from playbook.shop import Shop
from playbook.use_case import Size

log = logging.getLogger(__name__)

SIZES = {Task.ANSWER: Size.BIG, Task.COMPOSE: Size.SMALL, Task.WARM: Size.SMALL}
QUEUE = 2
"""For each place so many turns may wait; a further one gets its fallback at once."""


class Model:
    """What all turns of one worker share of a model. `clock` gives seconds."""

    def __init__(
        self,
        name: str,
        spec: ModelSpec,
        price: Price,
        breaker: BreakerSpec,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.spec = spec
        self.price = price
        self._breaker = Breaker(breaker)
        self._quota = Quota(spec)
        self._clock = clock
        self._places = asyncio.Semaphore(spec.concurrency)
        self._waiting = 0

    @property
    def closed(self) -> bool:
        """Whether the breaker is open."""
        return self._breaker.state(self._clock()) is State.OPEN

    @property
    def full(self) -> bool:
        """Whether a further turn would have to wait for a place."""
        return self._places.locked()

    @property
    def share_free(self) -> float:
        """The part of the quota that is left, from 0 to 1."""
        return self._quota.share(self._clock())

    def worst(self, prompt: str) -> tuple[Tokens, float]:
        """The most tokens that a call with this prompt takes, and the most USD it costs."""
        most = bound(prompt, self.spec)
        return most, dearest_usd(most, self.price)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """One of the calls at once. Raises Closed: the breaker is open, or too many wait."""
        if self.closed:
            raise Closed(f"breaker:{self.name}")
        if self._waiting >= self.spec.concurrency * QUEUE:
            raise Closed(f"busy:{self.name}")
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()

    def permit(self, most: Tokens) -> "Permit":
        """Leave to make one call. Raises Closed: the breaker is open, or the quota is used up."""
        now, need = self._clock(), Need.of(most)
        if not self._breaker.admits(now):
            raise Closed(f"breaker:{self.name}")
        if not self._quota.takes(need, now):
            self._breaker.unused()
            raise Closed("quota")
        return Permit(self, need)

    def heard(self, left: Need) -> None:
        """What the provider says is left of the quota."""
        self._quota.saw(left, self._clock())

    def succeeded(self, taken: Need, used: Tokens) -> None:
        """A whole answer came."""
        self._breaker.succeeded()
        self._quota.returned(taken, Need.of(used), self._clock())

    def failed(self, taken: Need, failure: CallFailed) -> None:
        """None came. What a call that was cut has used is not known, so it is not given back."""
        now = self._clock()
        before = self._breaker.state(now)
        self._breaker.failed(failure.kind, now)
        if before is not State.OPEN and self._breaker.state(now) is State.OPEN:
            log.warning("the breaker of %s is open: %s", self.name, failure)
        if failure.kind in UNBILLED:
            self._quota.returned(taken, Need(1, 0, 0), now)

    def unused(self, taken: Need, *, made: bool) -> None:
        """The call was not made, or cut by us."""
        self._breaker.unused()
        if not made:
            self._quota.returned(taken, Need(0, 0, 0), self._clock())


class Permit:
    """Leave to make one call. Tell what came of it, once; what is told later is not heard."""

    def __init__(self, model: Model, need: Need) -> None:
        self._model = model
        self._need = need
        self._told = False

    def succeeded(self, used: Tokens) -> None:
        """A whole answer came."""
        if self._first():
            self._model.succeeded(self._need, used)

    def failed(self, failure: CallFailed) -> None:
        """The call failed."""
        if self._first():
            self._model.failed(self._need, failure)

    def unused(self, *, made: bool) -> None:
        """It was not made, or left before it told anything about the model."""
        if self._first():
            self._model.unused(self._need, made=made)

    def _first(self) -> bool:
        first, self._told = not self._told, True
        return first


def models_of(shop: Shop) -> Mapping[Size, Model]:
    """The small and the big one of a shop."""
    return {
        size: Model(
            name,
            shop.models.models[name],
            shop.prices.usd_per_million_tokens[name],
            shop.models.breaker,
        )
        for size, name in shop.prices.chosen.items()
    }

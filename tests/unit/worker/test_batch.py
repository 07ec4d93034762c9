import asyncio
from collections.abc import Sequence

import pytest
from suites.waiting import until

from worker.batch import Batch


class Many:
    """Doubles; while `held`, it begins and does not end."""

    def __init__(self, *, held: bool = False) -> None:
        self.sizes: list[int] = []
        self.let_go = asyncio.Event()
        if not held:
            self.let_go.set()

    async def __call__(self, items: Sequence[int]) -> list[int]:
        self.sizes.append(len(items))
        await self.let_go.wait()
        if 13 in items:
            raise ValueError("13")
        return [item * 2 for item in items]


async def test_what_arrives_meanwhile_goes_together() -> None:
    many = Many(held=True)
    call = Batch(many)
    first = asyncio.create_task(call(1))
    await until(lambda: many.sizes)
    rest = [asyncio.create_task(call(n)) for n in range(2, 12)]
    await asyncio.sleep(0.01)
    assert many.sizes == [1]
    many.let_go.set()
    assert await first == 2
    assert await asyncio.gather(*rest) == [n * 2 for n in range(2, 12)]
    assert many.sizes == [1, 10]


async def test_one_bad_item_is_one_callers_error() -> None:
    call = Batch(Many())
    results = await asyncio.gather(call(12), call(13), call(14), return_exceptions=True)
    assert results[0] == 24
    assert isinstance(results[1], ValueError)
    assert results[2] == 28


async def test_a_caller_that_left_does_not_harm_the_others() -> None:
    many = Many(held=True)
    call = Batch(many)
    leaving, staying = asyncio.create_task(call(1)), asyncio.create_task(call(2))
    await until(lambda: many.sizes)
    leaving.cancel()
    many.let_go.set()
    assert await staying == 4
    with pytest.raises(asyncio.CancelledError):
        await leaving

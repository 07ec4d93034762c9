"""A hand-off ends by a release that is younger than it, and by nothing else."""

from dataclasses import dataclass, field

import pytest
from suites.people import turn

from classifier.releases import without_released
from events.context import Context, Flow
from worker.handler import Unavailable

OPENED_MS = 1_000
HANDED = Context(
    use_case="escalation",
    flow=Flow(name="handoff", state="open", data={"opened_at": str(OPENED_MS), "reason": "asked"}),
    entities={"order_id": "ABC123"},
)


@dataclass
class Kept:
    at: int | None = None
    asked: list[str] = field(default_factory=list)

    async def released_ms(self, session_id: str) -> int | None:
        self.asked.append(session_id)
        return self.at


class Away:
    async def released_ms(self, session_id: str) -> int | None:
        raise Unavailable("postgres")


@pytest.mark.parametrize("at", [None, OPENED_MS - 1, OPENED_MS])
async def test_without_a_younger_release_the_person_keeps_it(at: int | None) -> None:
    asked = turn("hello?", context=HANDED)
    assert await without_released(asked, releases=Kept(at)) == asked


async def test_a_younger_release_gives_it_back_and_keeps_what_was_talked_about() -> None:
    asked = turn("hello?", context=HANDED)
    found = await without_released(asked, releases=Kept(OPENED_MS + 1))
    assert found.context.flow is None
    assert found.context.entities == {"order_id": "ABC123"}
    assert found.text == asked.text


@pytest.mark.parametrize("flow", [None, Flow(name="returns", state="item")])
async def test_nobody_is_asked_where_no_person_has_it(flow: Flow | None) -> None:
    kept, asked = Kept(2_000), turn("hello?", context=Context(flow=flow))
    assert await without_released(asked, releases=kept) == asked
    assert not kept.asked


async def test_who_has_it_is_not_guessed() -> None:
    with pytest.raises(Unavailable):
        await without_released(turn("hello?", context=HANDED), releases=Away())

"""The llm worker's desk as tests build it: real models of the playbook, what they choose else."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from suites.claim_book import ListedClaims, Scripted
from suites.people import decision, turn
from suites.reference_shop import shop

from events.context import Context
from events.preview import Preview
from events.reply import Reply
from events.route import Finding, Route
from events.task import Task
from events.tier import Tier
from events.turn import Turn
from llm.desk import Desk
from llm.kit import Kit, Terms
from llm.models.asking import Asking, Streams
from llm.models.model import Model
from llm.money.chores import Chores
from llm.money.claims import Claims
from llm.previews import Screen
from llm.prompt import Prompter
from llm.underway import Underway
from llm.writing import Check
from playbook.model import BreakerSpec, ModelSpec
from playbook.use_case import Size

FOUND = (
    Finding(
        kind="series",
        ref="vinland-saga",
        title="Vinland Saga",
        text="by Makoto Yukimura; genres: adventure, drama; 27 volumes; finished; violence 70",
        score=0.8,
    ),
    Finding(
        kind="series",
        ref="mushishi",
        title="Mushishi",
        text="by Yuki Urushibara; genres: mystery, fantasy; 10 volumes; finished; violence 20",
        score=0.7,
    ),
)
PLAIN = "We have Vinland Saga and Mushishi."
WARM_PLAIN = "Your return of order #ABC123 is open. The refund of €12.50 follows by 3 Feb."


def asked(
    task: Task = Task.ANSWER,
    text: str = "something like Berserk but less violent",
    *,
    session: str = "s-llm",
    within_s: float | None = None,
    findings: tuple[Finding, ...] = FOUND,
) -> Turn:
    """A turn as rag or order routes it on to the models' tier."""
    first = turn(text, session=session)
    told = PLAIN if task is not Task.WARM else WARM_PLAIN
    leaves = Context(entities={"series": "vinland-saga"})
    plain = first.reply(told, leaves=leaves)
    return first.routed(
        Route(
            tier=Tier.LLM,
            decision=decision(Tier.LLM),
            fallback=plain,
            findings=() if task is Task.WARM else findings,
            task=task,
            within_s=within_s,
        )
    )


@dataclass(frozen=True)
class Passed:
    """A sentence that the guard let through."""

    text: str
    misses: tuple[str, ...] = ()


def lets_all_through(_: Turn) -> Check:
    return Passed


def keeps_all(plain: str, warmed: str) -> tuple[str, ...]:
    return () if plain in warmed else ("the plain text",)


@dataclass
class Shown:
    """A screen that remembers; `lost` says from which preview on the broker is away."""

    previews: list[Preview] = field(default_factory=list)
    lost: int | None = None

    async def preview(self, preview: Preview) -> bool:
        await asyncio.sleep(0)
        if self.lost is not None and preview.seq >= self.lost:
            return False
        self.previews.append(preview)
        return True

    def text(self, epoch: int = 1) -> str:
        return "".join(one.text for one in self.previews if one.epoch == epoch)


def models(
    *,
    clock: Callable[[], float] | None = None,
    breaker: BreakerSpec | None = None,
    **changed: float,
) -> dict[Size, Model]:
    """The playbook's models, parts of their specs replaced."""
    given = shop()
    more = {"clock": clock} if clock else {}
    return {
        size: Model(
            name,
            ModelSpec.model_validate(given.models.models[name].model_dump() | changed),
            given.prices.usd_per_million_tokens[name],
            breaker or given.models.breaker,
            **more,
        )
        for size, name in given.prices.chosen.items()
    }


def kit(
    claims: Claims,
    streams: Streams,
    *,
    screen: Screen | None = None,
    known: Mapping[Size, Model] | None = None,
    check: Callable[[Turn], Check] = lets_all_through,
    cap_usd: float = 0.25,
) -> Kit:
    return Kit(
        models=known or models(),
        claims=claims,
        asking=Asking(streams, simulated=True),
        screen=screen or Shown(),
        prompter=Prompter(shop()),
        check=check,
        kept=keeps_all,
        terms=Terms(cap_usd, shop().prices.read_on, simulated=True, deadline_s=20.0),
    )


async def replied(built: Kit, one: Turn, underway: Underway | None = None) -> Reply:
    """The desk's reply to a turn of this suite."""
    assert one.task is not None
    assert one.fallback is not None
    return await Desk(built, underway or Underway()).reply(one, one.task, one.fallback)


class Place:
    """One worker's desk, its claims in memory, and what is around it."""

    def __init__(
        self,
        provider: Scripted,
        rows: ListedClaims | None = None,
        *,
        screen: Shown | None = None,
        known: dict[Size, Model] | None = None,
        check: Callable[[Turn], Check] = lets_all_through,
    ) -> None:
        self.provider = provider
        self.rows = rows or ListedClaims()
        self.screen = screen or Shown()
        self.chores = Chores()
        self.owner: UUID = uuid4()
        claims = Claims(self.rows, self.owner, self.chores)
        self.kit: Kit = kit(claims, provider, screen=self.screen, known=known, check=check)
        self.underway = Underway()

    async def reply(self, one: Turn) -> Reply:
        return await replied(self.kit, one, self.underway)

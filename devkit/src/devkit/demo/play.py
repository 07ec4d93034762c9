"""Plays the demonstration on a stack."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rich.console import Console

from bus.kafka import KafkaBus
from bus.port import Unsure
from devkit.conversation import Conversation, conversing
from devkit.demo.deed import Shopside
from devkit.demo.mix import mix_of
from devkit.demo.promise import Told, wrong
from devkit.demo.script import SCENES, Act, Line, Scene
from devkit.demo.show import show
from devkit.demo.summary import summary
from devkit.frontend import Frontend
from devkit.project import Project
from playbook.reference import Reference
from playbook.shop import Shop, load_shop
from playbook.source import read_model

FRONTEND = "demo"
PREFIX = "demo-"


@dataclass
class Play:
    """One performance: `told` is what was said and answered, `broken` what was promised and was
    not so."""

    shop: Shop
    talk: Conversation
    shopside: Shopside
    console: Console
    told: list[Told] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    async def perform(self, scenes: Sequence[Scene]) -> None:
        """Say every line in turn, print each answer as it comes, do what stands between."""
        start = time.strftime("%H%M%S")
        for place, scene in enumerate(scenes):
            session = f"{PREFIX}{start}-{place}"
            self.console.print(f"\n[bold underline]{scene.title}[/] (session {session})")
            await self._scene(scene, session)
        missing = self.shop.use_cases.keys() - _asked(self.told)
        self.broken += [f"no turn of the use case {name}" for name in sorted(missing)]

    async def _scene(self, scene: Scene, session: str) -> None:
        number, said = 0, ""
        for step in scene.steps:
            if isinstance(step, Act):
                found = await self.shopside.do(step, session, said, self.console)
                self._break(step.value, found)
                continue
            number, said = number + 1, step.text
            told = await self._tell(scene, session, number, step)
            self.told.append(told)
            show(told, len(self.told), self.shop, self.console)
            self._break(repr(step.text), wrong(told, self.shop))

    async def _tell(self, scene: Scene, session: str, number: int, line: Line) -> Told:
        said = self.talk.frontend.said(
            session,
            f"{session}-{number}",
            line.text,
            turn_no=number,
            customer_id=scene.customer_id,
        )
        try:
            return Told(line, await self.talk.say(said), session)
        except (TimeoutError, Unsure):
            return Told(line, None, session)

    def _break(self, what: str, found: Iterable[str]) -> None:
        self.broken += [f"{what}: {one}" for one in found]


def _asked(all_told: Iterable[Told]) -> set[str]:
    found = (told.answer.reply.use_case for told in all_told if told.answer)
    return {use_case for use_case in found if use_case}


async def play(project: Project, bootstrap: str, dsn: str, console: Console) -> Play:
    """The whole demonstration on a running stack; `dsn` is the database administrator's."""
    shop = load_shop(project.playbook)
    reference = read_model(project.playbook / "reference.yaml", Reference)
    bus = KafkaBus(bootstrap)
    shopside = Shopside(bus, dsn)
    await shopside.forget_returns(f"{PREFIX}%")
    async with conversing(bus, Frontend.load(project, FRONTEND)) as talk:
        performance = Play(shop, talk, shopside, console)
        await performance.perform(SCENES)
    summary(mix_of(performance.told, shop, reference), shop, reference, console)
    return performance

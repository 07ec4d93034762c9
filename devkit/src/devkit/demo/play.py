"""Plays the demonstration on a stack."""

import time
from collections.abc import Sequence

from rich.console import Console

from bus.kafka import KafkaBus
from bus.port import Unsure
from devkit.conversation import Conversation, conversing
from devkit.demo.script import SCENES, Line, Scene
from devkit.demo.show import Told, show, summary
from devkit.frontend import Frontend
from devkit.project import Project

FRONTEND = "demo"


async def _tell(talk: Conversation, scene: Scene, session: str, number: int, line: Line) -> Told:
    said = talk.frontend.said(
        session,
        f"{session}-{number}",
        line.text,
        turn_no=number,
        customer_id=scene.customer_id,
    )
    try:
        return Told(line, await talk.say(said))
    except (TimeoutError, Unsure):
        return Told(line, None)


async def play(project: Project, bootstrap: str, console: Console) -> list[Told]:
    """Say every line in turn and print each answer as it comes."""
    told: list[Told] = []
    start = time.strftime("%H%M%S")
    async with conversing(KafkaBus(bootstrap), Frontend.load(project, FRONTEND)) as talk:
        for place, scene in enumerate(SCENES):
            session = f"demo-{start}-{place}"
            console.print(f"\n[bold underline]{scene.title}[/] (session {session})")
            for number, line in enumerate(scene.lines, start=1):
                told.append(await _tell(talk, scene, session, number, line))
                show(told[-1], len(told), console)
    summary(told, console)
    return told


def broken(told: Sequence[Told]) -> list[str]:
    """What was promised and did not happen, one sentence each."""
    return [
        f"{one.line.text!r}: "
        + ("no reply" if one.answer is None else f"taken for {one.answer.reply.use_case}")
        for one in told
        if not one.as_promised
    ]

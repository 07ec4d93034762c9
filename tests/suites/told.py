"""A turn with evidence, for tests of what may be told: made-up series beside the reference shop."""

from events.context import Context, Exchange
from events.route import Finding
from events.turn import Turn
from llm.output.names import Names
from playbook.series import Series

CATALOGUE = (
    Series(id="vinland-saga", title="Vinland Saga", aliases=("Vinrando Saga",), volumes=29),
    Series(id="monster", title="Monster", volumes=18),
    Series(id="blame", title="Blame!", volumes=10),
    Series(id="berserk", title="Berserk", volumes=42),
    Series(id="kaiju-no-8", title="Kaiju No. 8", volumes=16),
    Series(id="20th-century-boys", title="20th Century Boys", volumes=22),
)
NAMES = Names.of(CATALOGUE, everyday=("Monster",))
FINDINGS = (
    Finding(
        kind="series",
        ref="vinland-saga",
        title="Vinland Saga",
        text="Action, Adventure, Drama; 29 volumes, finished. Violence 70 of 100. Written for "
        "adults (seinen). Themes: revenge, war, pacifism. By Makoto Yukimura. First published in "
        "2005, ended in 2025. A boy sails with the men who killed his father, and learns that a "
        "true warrior needs no sword. Arc “Farmland”, volumes 8 to 14: Slaves clear a field.",
        score=0.9,
    ),
    Finding(
        kind="series",
        ref="monster",
        title="Monster",
        text="Drama, Mystery; 18 volumes, finished. Violence 45 of 100. By Naoki Urasawa. First "
        "published in 1994, ended in 2001. A surgeon saves a boy and hunts him across Germany.",
        score=0.8,
    ),
    Finding(
        kind="series",
        ref="blame",
        title="Blame!",
        text="Action, Sci-Fi; 10 volumes, finished. Violence 65 of 100. By Tsutomu Nihei. First "
        "published in 1997, ended in 2003. A silent man climbs through an endless city.",
        score=0.7,
    ),
    Finding(
        kind="stock",
        ref="vinland-saga",
        title="Vinland Saga",
        text="Volume 12 costs $21.99 and is in stock. Volume 13 costs $21.99 and is out of stock, "
        "expected on 9 Dec.",
    ),
)
SAID = "something like Berserk but less violent for my niece, she is 13. My order is #ABC123, $99"


def turn(said: str = SAID, *, fallback: str = "These come close:\nVinland Saga\nMonster") -> Turn:
    """A turn with the findings above."""
    before = Context(recent=(Exchange(said="Tell me about Kaiju No. 8", replied="16 volumes"),))
    asked = Turn(session_id="s", turn_id="t", text=said, envelope="e", asked_at=1, context=before)
    reply = asked.reply(fallback)
    return asked.model_copy(update={"findings": FINDINGS, "fallback": reply})

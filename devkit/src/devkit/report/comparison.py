"""The whole comparison: every router plays the same conversations, and is held against labels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from devkit.report.big import AlwaysBig
from devkit.report.blind import blind
from devkit.report.bootstrap import DRAWS, Compared, Matrix, compare, tally
from devkit.report.cheapest import Cheapest
from devkit.report.conversation import Conversations
from devkit.report.menu import Menu
from devkit.report.oracle import oracle
from devkit.report.outcome import Judge
from devkit.report.rules import Rules
from devkit.report.session import After, play
from devkit.report.softmax import Softmax
from devkit.report.staged import Second, Staged
from devkit.report.verdict import Contender

OURS = "this_router"
TITLES = {
    OURS: "this router",
    "content_blind": "content-blind, same mix",
    "always_big": "always big",
    "always_cheapest": "always cheapest",
    "rules_only": "rules only",
    "softmax": "plain softmax threshold",
    "frozen": "frozen control",
    "oracle": "oracle",
}


@dataclass(frozen=True)
class Field:
    """What a comparison needs of a shop: its router, what its sessions remember, its prices."""

    ours: Contender
    after: After
    menu: Menu
    judge: Judge


def compared(
    field: Field,
    conversations: Conversations,
    *,
    frozen: Second | None = None,
    draws: int = DRAWS,
    seed: int = 7,
    told: Callable[[str], None] = lambda _: None,
) -> dict[str, Compared]:
    """Figures and differences by router, in the order of `TITLES`. `told` hears of each as it runs.

    The frozen control is left out where it is not given.
    """
    tallies = tallied(field, conversations, frozen, seed, told)
    return compare(tallies, draws, seed)


def tallied(
    field: Field,
    conversations: Conversations,
    frozen: Second | None,
    seed: int,
    told: Callable[[str], None],
) -> dict[str, Matrix]:
    """The summed counts of each conversation (conversations, COUNTS), by router."""
    found: dict[str, Matrix] = {}
    told(TITLES[OURS])
    mine = play(field.ours, conversations.all, field.after)
    found[OURS] = tally(conversations.all, mine, field.judge)
    verdicts = [verdict for session in mine for verdict in session]
    controls: Mapping[str, Contender] = {
        "content_blind": blind(verdicts, seed),
        **_controls(field, frozen),
        "oracle": oracle(conversations.turns, field.menu),
    }
    for name, router in controls.items():
        told(TITLES[name])
        played = play(router, conversations.all, field.after)
        found[name] = tally(conversations.all, played, field.judge)
    return found


def _controls(field: Field, frozen: Second | None) -> dict[str, Contender]:
    seconds: dict[str, Second] = {
        "always_cheapest": Cheapest(field.menu),
        "rules_only": Rules(field.menu),
        "softmax": Softmax(field.menu),
    }
    if frozen is not None:
        seconds["frozen"] = frozen
    staged = {name: Staged(field.ours, second) for name, second in seconds.items()}
    return {"always_big": AlwaysBig(field.menu), **staged}

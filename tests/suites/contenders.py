"""Made-up routers and conversations, for tests of how routers are compared."""

from collections.abc import Mapping
from pathlib import Path

from devkit.report.bootstrap import Matrix
from devkit.report.comparison import Field, tallied
from devkit.report.conversation import Conversation, Conversations, Turn
from devkit.report.menu import Menu
from devkit.report.outcome import Judge
from devkit.report.verdict import Contender, Kind, Verdict
from events.context import Context, Exchange
from events.decision import Candidate, Decision, Evidence
from events.tier import Tier
from playbook.use_case import Prior, Size, UseCase

SAMPLE = Path(__file__).parents[1] / "unit" / "devkit" / "conversations.jsonl"

STORY = {Tier.TEMPLATE: 0.002, Tier.ORDER: 0.002, Tier.RAG: 0.02, Tier.LLM: 0.1}
ERROR = 0.1


def case(name: str, tier: Tier, cost_usd: float) -> UseCase:
    big = tier in (Tier.RAG, Tier.LLM)
    return UseCase(
        id=name,
        title=name,
        prior=Prior.SHARP,
        tier=tier,
        model=Size.BIG if big else None,
        cost_usd=cost_usd,
        budget_usd=1.0,
        p99_ms=100,
        harm_usd=1.0,
        template=name,
        fallback=name,
        label=name,
        examples=(name,),
    )


CASES = {
    one.id: one
    for one in (
        case("faq", Tier.TEMPLATE, 0.001),
        case("order", Tier.ORDER, 0.003),
        case("book", Tier.RAG, 0.01),
        case("choose", Tier.LLM, 0.05),
        case("out_of_scope", Tier.TEMPLATE, 0.001),
    )
}
MENU = Menu(CASES, 0.1)
JUDGE = Judge(STORY, ERROR)


def turn(label: str, *also: str, must_not: tuple[str, ...] = (), text: str = "words") -> Turn:
    return Turn(text=text, label=label, acceptable_labels=also, must_not=must_not)


def conversations(*sessions: tuple[Turn, ...]) -> Conversations:
    found = (Conversation(id=f"c-{at}", turns=turns) for at, turns in enumerate(sessions))
    return Conversations(tuple(found), "0" * 64)


def clarified() -> Verdict:
    return Verdict("faq", Tier.TEMPLATE, Kind.CLARIFIED, 0.001)


def decision(
    use_case: str, by: Evidence = Evidence.MODEL, likely: Mapping[str, float] | None = None
) -> Decision:
    tier = CASES[use_case].tier
    return Decision(
        by=by,
        use_case=use_case,
        tier=tier,
        why="made up",
        expected_cost_usd=CASES[use_case].cost_usd,
        playbook_version="p-1",
        candidates=tuple(
            Candidate(use_case=name, probability=p) for name, p in (likely or {}).items()
        ),
        model_version="m-1" if by is Evidence.MODEL else None,
    )


class Scripted:
    """Says for each text what it was told to say."""

    def __init__(self, verdicts: Mapping[str, Verdict]) -> None:
        self._verdicts = verdicts

    def decide(self, text: str, context: Context) -> Verdict:
        return self._verdicts[text]


def remembering(context: Context, said: Exchange, decided: Decision) -> Context:
    return context.model_copy(update={"use_case": decided.use_case}).remembering(
        said.said, said.replied
    )


def field(ours: Contender) -> Field:
    return Field(ours, remembering, MENU, JUDGE)


def tallies(ours: Contender, given: Conversations) -> dict[str, Matrix]:
    return tallied(field(ours), given, None, 7, lambda _: None)

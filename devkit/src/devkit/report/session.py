"""Plays conversations to a router: each turn sees what the ones before left."""

from collections.abc import Callable, Sequence

from devkit.report.conversation import Conversation
from devkit.report.verdict import Contender, Verdict
from events.context import Context, Exchange
from events.decision import Decision

After = Callable[[Context, Exchange, Decision], Context]
"""The session after an exchange that was decided so."""

Played = list[tuple[Verdict, ...]]
"""A verdict for each turn of each conversation."""


def play(router: Contender, conversations: Sequence[Conversation], after: After) -> Played:
    """Every conversation, from an empty session on."""
    return [_session(router, one, after) for one in conversations]


def _session(router: Contender, conversation: Conversation, after: After) -> tuple[Verdict, ...]:
    context, verdicts = Context(), list[Verdict]()
    for turn in conversation.turns:
        verdict = router.decide(turn.text, context)
        verdicts.append(verdict)
        if verdict.decision is not None:
            said = Exchange(said=turn.text, replied=turn.replied)
            context = after(context, said, verdict.decision)
    return tuple(verdicts)

"""The replies of this tier: a model's words, or what an earlier tier left in case of need."""

from events.context import Context
from events.reply import Reply, Usage
from events.turn import Turn
from llm.measure import degraded
from llm.sources import cited


def fell_back(turn: Turn, fallback: Reply, mark: str, usage: tuple[Usage, ...] = ()) -> Reply:
    """The route's fallback, marked. What was billed on the way is told all the same."""
    degraded(mark)
    return fallback.model_copy(
        update={
            "degraded": (*fallback.degraded, mark),
            "tier": turn.path[-1] if turn.path else None,
            "usage": (*fallback.usage, *usage),
        }
    )


def answered(
    turn: Turn,
    leaves: Context | None,
    text: str,
    usage: tuple[Usage, ...],
    epoch: int,
    marks: tuple[str, ...],
) -> Reply:
    """An answer by a model, with the findings it speaks of as its sources."""
    sources = cited(text, turn.findings)
    return turn.reply(
        text, sources=sources, usage=usage, leaves=leaves, degraded=marks, epoch=epoch
    )


def warmed(turn: Turn, plain: Reply, text: str, usage: tuple[Usage, ...], epoch: int) -> Reply:
    """The plain reply in other words: its sources, its context and its status stay."""
    return plain.model_copy(
        update={
            "text": text,
            "tier": turn.path[-1] if turn.path else None,
            "usage": (*plain.usage, *usage),
            "epoch": epoch,
        }
    )

"""Replies on egress as tiers publish them, with the prices of the playbook, and their sums."""

import asyncio
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from suites.people import decision, turn
from suites.reference_shop import shop

from bus.kafka import KafkaBus
from events.reply import Reply, Usage
from events.tier import Tier
from events.topics import EGRESS
from events.wire import encode

AT_ONCE = 100
ASKED_BEFORE_MS = 250


@dataclass(frozen=True)
class Sum:
    """What some turns come to."""

    turns: int
    calls: int
    tokens: tuple[int, int, int, int]
    cost_usd: Decimal


def usage(model: str, number: int) -> Usage:
    """A call whose tokens differ from those of most others."""
    tokens = 300 + number % 97, 40 + number % 31, 1024 if number % 2 else 0, 7 * (number % 3)
    price = shop().prices.usd_per_million_tokens[model]
    return Usage(
        model=model,
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        cached_tokens=tokens[2],
        cache_write_tokens=tokens[3],
        cost_usd=price.cost_usd(*tokens),
        simulated=True,
    )


def reply(session: str, number: int) -> Reply:
    """A reply of a tier that goes by the number: every fourth by the small model, every fifth by
    the big one."""
    tier, used = Tier.TEMPLATE, tuple[Usage, ...]()
    if number % 5 == 0:
        tier, used = Tier.LLM, (usage("sonnet-5-5", number),)
    elif number % 4 == 0:
        tier, used = Tier.RAG, (usage("haiku-5-5", number),)
    asked = turn("hello", session=session, no=number + 1, turn_id=uuid.uuid4().hex)
    decided = asked.model_copy(
        update={
            "decision": decision(tier),
            "path": (tier,),
            "asked_at": asked.asked_at - ASKED_BEFORE_MS,
        }
    )
    return decided.reply(f"answer {number}", usage=used)


def replies(count: int, *, sessions: int = 20) -> list[Reply]:
    """Replies of sessions that nobody else has."""
    run = uuid.uuid4().hex[:8]
    return [reply(f"ledger-{run}-{number % sessions}", number) for number in range(count)]


async def publish(kafka: str, sent: Sequence[Reply]) -> None:
    """Put them on egress, those of a session in order."""
    by_session: dict[str, list[Reply]] = {}
    for one in sent:
        by_session.setdefault(one.session_id, []).append(one)
    slots = asyncio.Semaphore(AT_ONCE)
    async with KafkaBus(kafka).producer("test") as producer:

        async def line(mine: Iterable[Reply]) -> None:
            for one in mine:
                async with slots:
                    await producer.send(EGRESS, encode(one, "test"))

        await asyncio.gather(*(line(mine) for mine in by_session.values()))


def sum_of(sent: Iterable[Reply]) -> Sum:
    """What the books must hold after these."""
    turns = {(one.session_id, one.turn_id): one for one in sent}.values()
    calls = [call for one in turns for call in one.usage]
    return Sum(
        turns=len(turns),
        calls=len(calls),
        tokens=(
            sum(call.input_tokens for call in calls),
            sum(call.output_tokens for call in calls),
            sum(call.cached_tokens for call in calls),
            sum(call.cache_write_tokens for call in calls),
        ),
        cost_usd=sum((Decimal(f"{call.cost_usd:.9f}") for call in calls), Decimal(0)),
    )

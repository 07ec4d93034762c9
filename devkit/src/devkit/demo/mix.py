"""The demonstration's turns by way and model, and what they cost: at list prices, at the story's.

Pure. The story prices a turn by its tier: template and API, RAG on the small model, big model. A
turn that the small model warmed counts as the story's RAG: it tells no other price for that model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from devkit.check.pace import percentile
from devkit.conversation import Answer
from devkit.demo.promise import Told, model_of, named, way_of
from events.reply import Reply
from events.tier import Tier
from playbook.reference import Reference
from playbook.shop import Shop
from playbook.use_case import Size


def story_tier(reply: Reply, shop: Shop) -> Tier:
    """The tier by which the story would price a turn; template stands for APIs too."""
    model = model_of(reply, shop)
    if model is Size.BIG:
        return Tier.LLM
    return Tier.RAG if model is Size.SMALL or Tier.RAG in way_of(reply, shop) else Tier.TEMPLATE


def label(reply: Reply, shop: Shop) -> str:
    """`rag → small`: the way with the model's size where the models' tier stands."""
    way, model = way_of(reply, shop), model_of(reply, shop)
    if model is None:
        return named(way)
    return " → ".join((*(tier for tier in way if tier is not Tier.LLM), model))


@dataclass(frozen=True)
class Share:
    """The turns of one way. Costs in USD; `story_usd` is the story's price of one such turn."""

    name: str
    story: Tier
    answers: tuple[Answer, ...]
    story_usd: float

    @property
    def turns(self) -> int:
        """How many."""
        return len(self.answers)

    @property
    def p50_ms(self) -> float:
        """The median latency, in milliseconds."""
        return percentile([answer.took_s * 1000 for answer in self.answers], 0.5)

    @property
    def list_usd(self) -> float:
        """What their model calls cost together, at list prices."""
        return sum(usage.cost_usd for one in self.answers for usage in one.reply.usage)


@dataclass(frozen=True)
class Mix:
    """All turns of a demonstration, over so many sessions."""

    shares: tuple[Share, ...]
    sessions: int

    @property
    def turns(self) -> int:
        """How many were answered."""
        return sum(share.turns for share in self.shares)

    @property
    def list_usd(self) -> float:
        """What all model calls cost, at list prices."""
        return sum(share.list_usd for share in self.shares)

    @property
    def story_usd(self) -> float:
        """What all turns would cost at the story's prices."""
        return sum(share.turns * share.story_usd for share in self.shares)

    @property
    def simulated(self) -> bool:
        """Whether no real model was behind any of the calls."""
        return any(u.simulated for s in self.shares for a in s.answers for u in a.reply.usage)

    def of(self, tier: Tier) -> float:
        """The share of turns that the story would price by this tier."""
        return sum(one.turns for one in self.shares if one.story is tier) / max(1, self.turns)


def mix_of(all_told: Sequence[Told], shop: Shop, reference: Reference) -> Mix:
    """The mix of what was told, cheapest tiers first."""
    groups: dict[tuple[Tier, str], list[Answer]] = {}
    for told in all_told:
        if told.answer:
            reply = told.answer.reply
            key = story_tier(reply, shop), label(reply, shop)
            groups.setdefault(key, []).append(told.answer)
    order = list(Tier)
    ranked = sorted(groups, key=lambda key: (order.index(key[0]), key[1]))
    shares = tuple(
        Share(name, story, tuple(groups[story, name]), reference.tiers[story].cost_usd)
        for story, name in ranked
    )
    return Mix(shares, len({told.session_id for told in all_told}))


def turns_per_second(mix: Mix, shop: Shop) -> float | None:
    """How many of the demonstration's big-model turns the model's quota carries; None for none.

    The least of its three limits: requests, tokens in that no cache holds, tokens out. What is
    written to the cache counts as held there: on a running system it is read a thousand times.
    """
    big = shop.models.models[shop.prices.chosen[Size.BIG]]
    answers = [a for s in mix.shares if s.story is Tier.LLM for a in s.answers]
    calls = [usage for answer in answers for usage in answer.reply.usage]
    if not calls:
        return None
    taken = sum(usage.input_tokens for usage in calls) / len(answers)
    written = sum(usage.output_tokens for usage in calls) / len(answers)
    per_minute = (
        big.requests_per_minute * len(answers) / len(calls),
        big.input_tokens_per_minute / max(taken, 1.0),
        big.output_tokens_per_minute / max(written, 1.0),
    )
    return min(per_minute) / 60

"""The ways through the dearer tiers, as data: what is said, how often, and what must come of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from devkit.demo.promise import model_of, way_of
from devkit.errors import DevkitError
from events.reply import Reply
from events.tier import Tier
from playbook.shop import Shop
from playbook.use_case import Size

PURE = 0.95
AIKO = "c-aiko"
SERIES = ("Berserk", "Monster", "Vinland Saga", "Death Note", "Naruto", "Akira", "Nana", "Pluto")
PUZZLES = (
    "Is {} about revenge?",
    "Does {} have a love story?",
    "Are there monsters in {}?",
    "Is {} set at school?",
)


@dataclass(frozen=True)
class Way:
    """Turns that all go one way, each in a session of its own, `rate` a second for `seconds`.

    `aim_ms` names the use case whose promised P99 is the aim; `extra_ms` is added to it.
    """

    name: str
    short: str
    texts: Sequence[str]
    rate: float
    seconds: float
    tiers: tuple[Tier, ...]
    use_case: str
    model: Size | None = None
    customer: str | None = None
    extra_ms: float = 0.0

    def aim_ms(self, shop: Shop) -> float:
        """The P99 that the playbook promises."""
        return shop.use_cases[self.use_case].p99_ms + self.extra_ms

    def check(self, values: Sequence[bytes], shop: Shop) -> float:
        """The share of replies that went this way. Raises DevkitError when it is under 95 %.

        A measurement of another way through the system must not pass for this one.
        """
        replies = [Reply.model_validate_json(value) for value in values]
        right = [one for one in replies if self._is(one, shop)]
        share = len(right) / max(1, len(replies))
        if share < PURE:
            astray = next((one for one in replies if not self._is(one, shop)), None)
            met = f"; one met {way_of(astray, shop)}, {astray.degraded}" if astray else ""
            raise DevkitError(f"Only {share:.0%} of {self.name!r} went that way{met}.")
        return share

    def _is(self, reply: Reply, shop: Shop) -> bool:
        went = way_of(reply, shop) == self.tiers and model_of(reply, shop) is self.model
        return went and not reply.degraded and reply.use_case == self.use_case


ORDER = Way(
    "an order turn",
    "order",
    ("Where is my order #ABC123", "Where is my order #XYZ789"),
    rate=30,
    seconds=20,
    tiers=(Tier.ORDER,),
    use_case="order_tracking",
    customer=AIKO,
)
RAG = Way(
    "a rag turn by template",
    "rag",
    tuple(f"Tell me about {one} volume {number}" for one in SERIES for number in (1, 2)),
    rate=30,
    seconds=20,
    tiers=(Tier.RAG,),
    use_case="product_info",
)
COMPOSED = Way(
    "a rag turn with the small model",
    "rag, small",
    tuple(puzzle.format(one) for one in SERIES for puzzle in PUZZLES),
    rate=8,
    seconds=40,
    tiers=(Tier.RAG, Tier.LLM),
    use_case="product_info",
    model=Size.SMALL,
)
RECOMMENDED = Way(
    "a recommendation by the big model",
    "rag, big",
    tuple(f"I'm looking for something like {one}" for one in SERIES),
    rate=5,
    seconds=50,
    tiers=(Tier.RAG, Tier.LLM),
    use_case="recommendation",
    model=Size.BIG,
)
WARMED = Way(
    "a return's first turn, warmed",
    "order, warm",
    ("Help me return this, my husband bought the wrong volume",),
    rate=8,
    seconds=40,
    tiers=(Tier.ORDER, Tier.LLM),
    use_case="returns",
    model=Size.SMALL,
    customer=AIKO,
    # The time box of warmth, on top of the plain turn's promise.
    extra_ms=1500,
)
WAYS = (ORDER, RAG, COMPOSED, RECOMMENDED, WARMED)

"""What the rubric goes by where examples cannot say: `rubric/assumptions.yaml` of a playbook."""

from pathlib import Path

from pydantic import Field

from events.tier import Tier
from playbook.price import PriceList
from playbook.source import Entry, read_model
from playbook.use_case import Size

FILE = Path("rubric") / "assumptions.yaml"
SIZES = {Tier.TEMPLATE: None, Tier.ORDER: None, Tier.RAG: Size.SMALL, Tier.LLM: Size.BIG}
TIERS = tuple(SIZES)
"""From the cheapest to the dearest."""


class Tokens(Entry):
    """Tokens of one call: prefix read from the provider's cache, own input, output."""

    cached: int = Field(ge=0)
    input: int = Field(ge=0)
    output: int = Field(ge=0)


class Assumed(Entry):
    """Figures in USD, tokens, milliseconds and shares; `source` says where each comes from."""

    read_on: str = Field(pattern=r"^\d{4}-\d{2}$")
    source: str = Field(min_length=1)
    turn_usd: dict[Tier, float]
    tokens: dict[Size, Tokens]
    model_wrong: dict[Size, float]
    measured_p99_ms: dict[Tier, float]
    promised_p99_ms: dict[Tier, int]
    target_p99_ms: int = Field(gt=0)
    least_examples: int = Field(ge=10)
    least_auroc: float = Field(gt=0.5, lt=1)
    least_resolved: float = Field(gt=0, lt=1)
    confidence: float = Field(gt=0.5, lt=1)

    def price_usd(self, tier: Tier, prices: PriceList) -> float:
        """The expected price of a turn: running it, and its model's tokens by the list."""
        size = SIZES[tier]
        if size is None:
            return self.turn_usd[tier]
        used = self.tokens[size]
        price = prices.usd_per_million_tokens[prices.chosen[size]]
        return self.turn_usd[tier] + price.cost_usd(used.input, used.output, used.cached)

    def dearest_usd(self, tier: Tier, prices: PriceList, most_output: int) -> float:
        """The price with a cold cache, twice the input and the longest answer."""
        size = SIZES[tier]
        if size is None:
            return 2 * self.turn_usd[tier]
        used = self.tokens[size]
        price = prices.usd_per_million_tokens[prices.chosen[size]]
        call = price.cost_usd(2 * used.input, most_output, 0, used.cached)
        return self.turn_usd[tier] + call

    def slip(self, tier: Tier) -> float:
        """How often the tier's model errs with every fact before it; 0 without a model."""
        size = SIZES[tier]
        return 0.0 if size is None else self.model_wrong[size]


def read_assumed(playbook: Path, default: Path) -> Assumed:
    """The playbook's own figures, else those of the `default` playbook. Raises PlaybookError."""
    own = playbook / FILE
    return read_model(own if own.is_file() else default / FILE, Assumed)

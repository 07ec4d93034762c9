"""The models that the simulator serves, as the playbook describes and prices them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from devkit.simulator.refusal import Refusal
from playbook.error import PlaybookError
from playbook.model import ModelList, ModelSpec
from playbook.price import Price, PriceList
from playbook.source import read_model


@dataclass(frozen=True)
class Model:
    """One model: the playbook's name for it, its latencies and quotas, its prices."""

    name: str
    spec: ModelSpec
    price: Price


class Models:
    """The models by the name that the provider calls them."""

    def __init__(self, models: Iterable[Model]) -> None:
        self._by_api_name = {model.spec.api_name: model for model in models}

    def __iter__(self) -> Iterator[Model]:
        return iter(self._by_api_name.values())

    def of(self, api_name: str) -> Model:
        """The model. Raises Refusal 404, as the provider does."""
        try:
            return self._by_api_name[api_name]
        except KeyError:
            raise Refusal(404, "not_found_error", f"model: {api_name}") from None


def read_models(playbook: Path) -> Models:
    """Those of models.yaml, with the prices of prices.yaml. Raises PlaybookError."""
    models = read_model(playbook / "models.yaml", ModelList).models
    prices = read_model(playbook / "prices.yaml", PriceList).usd_per_million_tokens
    for name in models.keys() - prices.keys():
        remedy = f"has no price in prices.yaml; add usd_per_million_tokens.{name} there"
        raise PlaybookError(playbook / "models.yaml", f"models.{name}", remedy)
    return Models(Model(name, spec, prices[name]) for name, spec in models.items())

"""The shop: everything a playbook decides, read, checked and compiled once."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from events.tier import Tier
from playbook.about import About, about
from playbook.answers import check_answers
from playbook.catalogue import CATALOGUE, catalogue_of
from playbook.check import check_names, check_prompts, check_templates
from playbook.compile import compile_rules
from playbook.error import PlaybookError
from playbook.guard import GuardWords
from playbook.model import ModelList
from playbook.policy import Policy
from playbook.price import PriceList
from playbook.renderer import Renderer
from playbook.returns import Returns, read_returns
from playbook.rule import Rules
from playbook.shop_file import ShopFile
from playbook.slot import Slot, find_slots
from playbook.source import read_folder, read_model
from playbook.titles import needed_of, titles_of
from playbook.use_case import UseCase

DECIDING = (
    "shop.yaml",
    "prices.yaml",
    "models.yaml",
    "guard.yaml",
    "returns.yaml",
    "use_cases/*.yaml",
    "policies/*.yaml",
    "templates/*.j2",
    "prompts/*.j2",
    CATALOGUE,
)


@dataclass(frozen=True)
class Shop:
    """A loaded playbook.

    `version` is a short hash of every file that decides something. `closed_tiers` are the tiers
    that no worker serves yet. `risk_usd` is what a cheap answer may cost in expectation by being
    wrong. `rules` stand in the order in which they are asked. `apologies` are
    texts by reason code. `prompts` renders what models are told, `guard` is what they may not say.
    `returns` is what the dialogue of returns goes by, `about` what the catalogue tells of a series.
    """

    name: str
    language: str
    version: str
    closed_tiers: frozenset[Tier]
    risk_usd: float
    use_cases: Mapping[str, UseCase]
    rules: Rules
    policies: Mapping[str, Policy]
    slots: Mapping[str, Slot]
    renderer: Renderer
    apologies: Mapping[str, str]
    prices: PriceList
    models: ModelList
    prompts: Renderer
    guard: GuardWords
    returns: Returns
    about: About

    def is_closed(self, use_case: str, tier: Tier) -> bool:
        """Whether this tier cannot answer this use case yet, so that its fallback is sent."""
        return self.use_cases[use_case].closed or tier in self.closed_tiers

    def find_slots(self, text: str) -> dict[str, str]:
        """The slots that occur in a text, in their normal form: claims, never identity."""
        return find_slots(self.slots, text)


def load_shop(path: Path) -> Shop:
    """The playbook in a folder. Raises PlaybookError: file, field, what to do."""
    written = read_model(path / "shop.yaml", ShopFile)
    given = {"shop": written.name, "contact": written.contact, "facts": written.facts}
    renderer = Renderer(path / "templates", given)
    prompts = Renderer(path / "prompts", given)
    use_cases = read_folder(path / "use_cases", UseCase)
    policies = _policies(path / "policies", renderer)
    catalogue = catalogue_of(path)
    check_names(path, use_cases, policies)
    check_answers(path, use_cases)
    check_templates(path, use_cases, renderer)
    check_prompts(prompts, policies)
    return Shop(
        name=written.name,
        language=written.language,
        version=version_of(path),
        closed_tiers=written.closed_tiers,
        risk_usd=written.risk_usd,
        use_cases=use_cases,
        rules=compile_rules(
            path,
            use_cases,
            policies,
            written.slots,
            written.phrases,
            titles_of(catalogue),
            needed_of(catalogue),
        ),
        policies=policies,
        slots=written.slots,
        renderer=renderer,
        apologies=_apologies(path / "shop.yaml", written, renderer),
        prices=_prices(path),
        models=_models(path),
        prompts=prompts,
        guard=read_model(path / "guard.yaml", GuardWords),
        returns=read_returns(path / "returns.yaml", written.facts),
        about=about(catalogue),
    )


def version_of(path: Path) -> str:
    """Twelve hexadecimal digits over names and bytes of every file that decides something."""
    digest = sha256()
    for file in sorted(file for pattern in DECIDING for file in path.glob(pattern)):
        digest.update(
            file.relative_to(path).as_posix().encode() + b"\0" + file.read_bytes() + b"\0"
        )
    return digest.hexdigest()[:12]


def _policies(folder: Path, renderer: Renderer) -> dict[str, Policy]:
    return {
        name: policy.model_copy(
            update={"text": renderer.text(folder / f"{name}.yaml", "text", policy.text)}
        )
        for name, policy in read_folder(folder, Policy).items()
    }


def _models(path: Path) -> ModelList:
    """How the chosen models are called. Raises PlaybookError for a chosen one without a spec."""
    models, prices = read_model(path / "models.yaml", ModelList), _prices(path)
    for size, name in prices.chosen.items():
        if name not in models.models:
            remedy = f"prices.yaml chooses {name} as {size}; describe it here"
            raise PlaybookError(path / "models.yaml", f"models.{name}", remedy)
    return models


def _prices(path: Path) -> PriceList:
    return read_model(path / "prices.yaml", PriceList)


def _apologies(file: Path, written: ShopFile, renderer: Renderer) -> dict[str, str]:
    return {
        reason: renderer.text(file, f"apologies.{reason}", text)
        for reason, text in written.apologies.items()
    }

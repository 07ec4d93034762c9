"""Opens what a comparison needs: the shop's router and prices, and the frozen control."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from classifier.manifest import OUT_OF_SCOPE
from devkit.report.comparison import Field
from devkit.report.menu import Menu
from devkit.report.ours import Ours
from devkit.report.outcome import Judge
from devkit.report.staged import Second
from devkit.route.router import Router
from events.tier import Tier
from playbook.reference import Reference
from playbook.source import read_model

CORPUS = "corpus"
BACKGROUND = "background/background.jsonl"


def reference_of(playbook: Path) -> Reference:
    """The reference case. Raises PlaybookError."""
    return read_model(playbook / "reference.yaml", Reference)


def field_of(router: Router, reference: Reference, big_error: float) -> Field:
    """The router of a shop with the shop's prices."""
    story = {tier: reference.tiers[tier].cost_usd for tier in Tier}
    menu = Menu(router.shop.use_cases, story[Tier.LLM])
    return Field(Ours(router.decide), router.after, menu, Judge(story, big_error))


@dataclass(frozen=True)
class Learnt:
    """A second stage that has learnt, and the labels for which it met its error bound."""

    second: Second
    answers: tuple[str, ...]


@contextmanager
def frozen_control(playbook: Path, menu: Menu) -> Iterator[Learnt]:
    """The frozen control, learnt from the playbook's corpus and background. Needs torch."""
    # Heavy and optional: training's packages, of which a report without this control has no need.
    from devkit.report.encoder import encoding
    from devkit.report.frozen import Frozen
    from devkit.training import fitting
    from devkit.training.corpus import Corpus
    from devkit.training.rows import Rows
    from devkit.training.targets import background_of, targets_of

    corpus = playbook / CORPUS
    rows = Rows.of(Corpus.read(corpus).rows, OUT_OF_SCOPE, background_of(corpus, None))
    policy = fitting.Policy(targets=targets_of(corpus, playbook))
    with encoding() as encode:
        made = Frozen.fit(menu, rows, encode, policy)
        yield Learnt(made, made.answers)

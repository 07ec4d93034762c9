"""Decides a turn as the classifier does, without Kafka, Postgres or a reply."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Self, TypeVar

from classifier.controls import Controls
from classifier.decide import decision_of
from classifier.desk import Desk
from classifier.limits import Limits
from classifier.manifest import check_labels
from classifier.model import Model, Posterior
from devkit.route.history import parse_history
from devkit.route.recall import Recall
from events.context import Context, Exchange
from events.decision import Decision
from events.turn import Turn
from playbook.catalogue import catalogue_of
from playbook.shop import Shop, load_shop
from worker.clock import BrokerClock

T = TypeVar("T")
MODEL = "classifier"
"""The model's folder in a playbook."""

NEW = Context()


class Router:
    """The classifier's desk alone. No switch is known to it: every tier and model is to be had."""

    def __init__(
        self, shop: Shop, posterior: Callable[[str], Posterior], limits: Limits, recall: Recall
    ) -> None:
        async def ask(text: str) -> Posterior:
            return posterior(text)

        self._desk = Desk(shop, ask, limits, Controls(BrokerClock()))
        self._recall = recall

    @classmethod
    def open(cls, playbook: Path, model: Path | None = None) -> Self:
        """The router of a playbook, with its own model or that of another folder.

        Raises PlaybookError, ModelError.
        """
        shop, loaded = load_shop(playbook), Model.load(model or playbook / MODEL)
        check_labels(loaded.manifest, shop.use_cases)
        recall = Recall(shop, catalogue_of(playbook))
        limits = Limits.of(shop.use_cases, loaded.manifest)
        return cls(shop, loaded.posterior, limits, recall)

    @property
    def shop(self) -> Shop:
        """The loaded playbook."""
        return self._desk.shop

    @property
    def version(self) -> str:
        """Of the model."""
        return self._desk.limits.version

    def decide(self, text: str, context: Context = NEW) -> Decision:
        """What the classifier would put on this turn's route. Raises ValueError for no words."""
        if not text.strip():
            raise ValueError("a turn without words cannot be decided")
        choice = _at_once(self._desk.choice(_turn(text, context)))
        return decision_of(choice, self._desk.shop, self._desk.controls)

    def after(self, context: Context, exchange: Exchange, decision: Decision) -> Context:
        """The session after an exchange that was decided so, as the tiers would leave it."""
        return self._recall.after(context, exchange, decision)

    def series_named(self, text: str) -> tuple[str, ...]:
        """The ids of the series that a text names, as the catalogue has them."""
        return self._recall.titles.named(text)

    def recall(self, history: object) -> Context:
        """The session after a history of any form that `devkit.route.history` knows.

        Its turns are decided in their order, so that what they leave is known. Raises DevkitError.
        """
        told = parse_history(history)
        return told if isinstance(told, Context) else self._recall.context(told, self.decide)


def _turn(text: str, context: Context) -> Turn:
    """The turn as the classifier sees it. Nothing here looks at the envelope."""
    # Built without validation: the limits of a text are the worker's business, before it decides.
    return Turn.model_construct(
        session_id="route", turn_id="route", text=text, envelope="-", asked_at=0, context=context
    )


def _at_once(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that waits for nothing: its model answers where it is asked."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise RuntimeError("a decision waited for something, though its model answers at once")

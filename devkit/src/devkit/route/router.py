"""Decides a turn as the classifier does, without Kafka, Postgres or a reply."""

from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

from classifier.controls import Controls
from classifier.decide import decision_of
from classifier.desk import Desk
from classifier.limits import Limits
from classifier.manifest import check_labels
from classifier.model import Model, Posterior
from classifier.reading.reader import Reader, read_by
from classifier.reading.seen import Seen
from devkit.route.asked import ORDER_ID, SERIES, TITLE
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
        self,
        shop: Shop,
        posterior: Callable[[str], Posterior],
        limits: Limits,
        recall: Recall,
        reader: Reader | None = None,
    ) -> None:
        async def ask(text: str) -> Posterior:
            return posterior(text)

        self._desk = Desk(shop, ask, limits, Controls(BrokerClock()), reader)
        self._recall = recall
        self._posterior = posterior

    @classmethod
    def open(cls, playbook: Path, model: Path | None = None, *, reads: bool = True) -> Self:
        """The router of a playbook, with its own model or that of another folder.

        `reads`: with the reader that lies beside the model, if one does. Raises PlaybookError,
        ModelError.
        """
        folder = model or playbook / MODEL
        shop, loaded = load_shop(playbook), Model.load(folder)
        check_labels(loaded.manifest, shop.use_cases)
        recall = Recall(shop, catalogue_of(playbook))
        reader = Reader.load(folder, loaded.version) if reads else None
        limits = read_by(Limits.of(shop.use_cases, loaded.manifest), reader)
        return cls(shop, loaded.posterior, limits, recall, reader)

    @property
    def shop(self) -> Shop:
        """The loaded playbook."""
        return self._desk.shop

    @property
    def limits(self) -> Limits:
        """The thresholds that decisions are held against."""
        return self._desk.limits

    @property
    def version(self) -> str:
        """Of the model, and of the reader beside it."""
        return self._desk.limits.version

    def decide(self, text: str, context: Context = NEW) -> Decision:
        """What the classifier would put on this turn's route. Raises ValueError for no words."""
        if not text.strip():
            raise ValueError("a turn without words cannot be decided")
        choice = _at_once(self._desk.choice(_turn(text, context)))
        return decision_of(choice, self._desk.shop, self._desk.controls)

    def posterior(self, text: str) -> Posterior:
        """What the model says of a text by itself."""
        return self._posterior(text)

    def seen(self, text: str, context: Context) -> Seen | None:
        """What a reader is shown of a turn; None of one that no reader may decide."""
        return _at_once(self._desk.shown(_turn(text, context)))

    def after(self, context: Context, exchange: Exchange, decision: Decision) -> Context:
        """The session after an exchange that was decided so, as the tiers would leave it."""
        return self._recall.after(context, exchange, decision)

    def series_named(self, text: str) -> tuple[str, ...]:
        """The ids of the series that a text names, as the catalogue has them."""
        return self._recall.titles.named(text)

    def names(self, slots: Mapping[str, str], wanted: str) -> bool:
        """Whether slots name an order by its id, or a series by a title of it."""
        series, title = slots.get(SERIES), slots.get(TITLE)
        if series and (series,) == self.series_named(wanted):
            return True
        return same(slots.get(ORDER_ID) or series or title, wanted)

    def recall(self, history: object) -> Context:
        """The session after a history of any form that `devkit.route.history` knows.

        Its turns are decided in their order, so that what they leave is known. Raises DevkitError.
        """
        told = parse_history(history)
        return told if isinstance(told, Context) else self._recall.context(told, self.decide)


def same(found: str | None, wanted: str) -> bool:
    """Whether two values are one but for case and marks."""
    return found is not None and _plain(found) == _plain(wanted)


def _plain(value: str) -> str:
    return "".join(letter for letter in value.lower() if letter.isalnum())


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

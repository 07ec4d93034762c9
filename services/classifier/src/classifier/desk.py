"""What the classifier decides with: the shop's rules and use cases, and the model."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from classifier.binding import answered, needs_context, refers_back
from classifier.choice import Choice
from classifier.doubt import choose
from classifier.manifest import OUT_OF_SCOPE
from classifier.model import Posterior
from events.context import Context
from events.decision import Evidence
from events.turn import Turn
from playbook.rule import first_match
from playbook.shop import Shop

Ask = Callable[[str], Awaitable[Posterior]]

LOST_CONTEXT = "lost_context"


@dataclass(frozen=True)
class Desk:
    """Asks the kinds of evidence in their order; `ask` is the model of `model_version`."""

    shop: Shop
    ask: Ask
    model_version: str

    async def choice(self, turn: Turn) -> Choice:
        """The first evidence that decides: an open question, a rule, the model."""
        context = turn.context
        found = self._without_context(turn) or answered(context, turn.text)
        found = found or self._ruled(turn.text, context)
        if found is None:
            posterior = await self.ask(turn.text)
            found = choose(posterior, self.shop.use_cases, self.model_version)
        return self._with_slots(found, turn)

    def _without_context(self, turn: Turn) -> Choice | None:
        """While Postgres is away nothing can be said to a turn that leans on the one before."""
        if "context" not in turn.degraded or not needs_context(turn.text):
            return None
        if self.shop.find_slots(turn.text):  # it names its subject itself
            return None
        why = "the turn refers to an earlier one, and the session's context cannot be read"
        return Choice(Evidence.RULE, OUT_OF_SCOPE, why, LOST_CONTEXT, rule_id=LOST_CONTEXT)

    def _ruled(self, text: str, context: Context) -> Choice | None:
        match = first_match(self.shop.rules, text, known=context.entities.keys())
        if match is None:
            return None
        rule = match.rule
        why = f"the rule {rule.id} fires"
        return Choice(
            Evidence.RULE, rule.use_case, why, rule.template, match.slots, rule_id=rule.id
        )

    def _with_slots(self, choice: Choice, turn: Turn) -> Choice:
        """Slots in the text count first; what the session talked about fills in for "it"."""
        remembered = turn.context.entities if refers_back(turn.text) else {}
        slots = remembered | self.shop.find_slots(turn.text) | choice.slots
        return replace(choice, slots=slots)

    def fallback_text(self, use_case: str) -> str:
        """What to say when the tier of a use case cannot answer."""
        return self.shop.renderer.render(self.shop.use_cases[use_case].fallback)

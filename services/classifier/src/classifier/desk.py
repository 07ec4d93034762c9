"""What the classifier decides with: the shop's rules and use cases, and the model."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from classifier.anywhere import understood
from classifier.choice import Choice
from classifier.controls import Controls
from classifier.doubt import choose, in_another_language
from classifier.history.binding import answered, needs_context, refers_back
from classifier.history.elliptic import compares, is_elliptic, names_title
from classifier.history.flow import dialogue, handed_over, judged, ruled, said_in
from classifier.history.followup import bare, followed, put_again
from classifier.history.pointing import pointed, put
from classifier.history.subject import ORDER_ID, SERIES, TITLE, VOLUME, firing, meant
from classifier.history.wanted import named as thing_named
from classifier.history.wanted import of_matter, titles_of
from classifier.language import ENGLISH, is_foreign, may_be_foreign
from classifier.limits import Limits
from classifier.manifest import OUT_OF_SCOPE
from classifier.model import Posterior
from classifier.wording import asks
from events.context import Context, Flow
from events.decision import Evidence
from events.turn import Turn
from playbook.rule import Match, first_match
from playbook.shop import Shop
from playbook.slot import tidy

Ask = Callable[[str], Awaitable[Posterior]]

SUGGESTS = "recommendation"
"""The use case that takes what was talked about as a measure."""

THINGS = frozenset({SERIES, TITLE, VOLUME, ORDER_ID})

LOST_CONTEXT = "lost_context"


@dataclass(frozen=True)
class Desk:
    """Asks the kinds of evidence in their order; `ask` is the model that `limits` are of."""

    shop: Shop
    ask: Ask
    limits: Limits
    controls: Controls

    async def choice(self, turn: Turn) -> Choice:
        """The first evidence that decides: an open dialogue or question, a rule, the model."""
        context = turn.context
        found = await self._abroad(turn) or self._without_context(turn)
        if found is None and (flow := dialogue(context, self.shop.use_cases)):
            found = await self._in_dialogue(flow, context, turn.text)
        found = found or await self._outside(context, turn.text)
        return self._with_slots(found, turn)

    async def _abroad(self, turn: Turn) -> Choice | None:
        """What a turn in another language gets: never a cheap answer that takes English to find."""
        context, text = turn.context, turn.text
        if self.shop.language != ENGLISH or not is_foreign(text, titles_of(self.shop)):
            return None
        match = firing(self.shop, context, text)
        find_slots = self.shop.find_slots
        found = understood(context, text, match, self.shop.use_cases, find_slots)
        return found or in_another_language(await self._modelled(text))

    async def _in_dialogue(self, flow: Flow, context: Context, text: str) -> Choice:
        # "It" is what the dialogue is about: rules for what else was talked about are left out.
        match = first_match(self.shop.rules, text, known=()) or self._asked_within(text)
        found = said_in(flow, context, tidy(text), match, self.shop.find_slots)
        if found is None:
            posterior = await self.ask(text)
            found = judged(flow, text, posterior, self.limits)
        return found

    def _asked_within(self, text: str) -> Match | None:
        """The rule of a question or a wish, once words around it are gone ("hm can you …")."""
        said = bare(text)
        return first_match(self.shop.rules, said, known=()) if asks(said) else None

    async def _outside(self, context: Context, text: str) -> Choice:
        match = firing(self.shop, context, text)
        found = handed_over(context, match) or self._bound(context, text, match)
        if found is None and (match is None or match.rule.anaphoric):
            found = put(self.shop, context, pointed(self.shop, context, text))
        if found is None and match:
            found = ruled(match)
        found = found or followed(self.shop, context, text)
        return found or self._trusted(await self._modelled(text), text)

    def _trusted(self, choice: Choice, text: str) -> Choice:
        """A model's choice; none is cheap where the text may be in another language after all."""
        doubtful = self.shop.language == ENGLISH and may_be_foreign(text, titles_of(self.shop))
        return in_another_language(choice) if doubtful else choice

    def _bound(self, context: Context, text: str, match: Match | None) -> Choice | None:
        """The answer to the open question, or the last one put again of something else."""
        named = partial(thing_named, self.shop)
        return answered(context, text, named) or put_again(self.shop, context, text, match)

    async def _modelled(self, text: str) -> Choice:
        return choose(await self.ask(text), self.limits)

    def _without_context(self, turn: Turn) -> Choice | None:
        """While Postgres is away nothing can be said to a turn that leans on the one before."""
        if "context" not in turn.degraded or not needs_context(turn.text):
            return None
        if self.shop.find_slots(turn.text):  # it names its subject itself
            return None
        why = "the turn refers to an earlier one, and the session's context cannot be read"
        return Choice(Evidence.RULE, OUT_OF_SCOPE, why, LOST_CONTEXT, rule_id=LOST_CONTEXT)

    def _with_slots(self, choice: Choice, turn: Turn) -> Choice:
        """Slots in the text count first; what the session talked about fills in for "it".

        Not in a dialogue: there "it" is the dialogue's own, and its tier knows what that is. Nor
        where the turn is out of scope, and so is about nothing of the sort.
        """
        elsewhere = choice.by is Evidence.FLOW or choice.use_case == OUT_OF_SCOPE
        if elsewhere:
            return replace(choice, slots=self.shop.find_slots(turn.text) | choice.slots)
        bound = choice.by is Evidence.QUESTION or bool(choice.slots.keys() & THINGS)
        told = {} if bound else self._told(choice, turn)
        may = meant(turn.context, choice.slots | told)
        remembered = may if refers_back(turn.text) else self._leans(choice, turn.text, may)
        slots = remembered | told | self.shop.find_slots(turn.text) | choice.slots
        return replace(choice, slots=slots)

    def _told(self, choice: Choice, turn: Turn) -> dict[str, str]:
        """The option or the volume that a text points at, where its use case is about such."""
        slots = pointed(self.shop, turn.context, turn.text).slots
        return of_matter(self.shop, choice.use_case, slots)

    def _leans(self, choice: Choice, text: str, may: dict[str, str]) -> dict[str, str]:
        """What the session talked about, where a text names no thing itself."""
        leans = is_elliptic(self.shop, text)
        leans = leans or (choice.use_case == SUGGESTS and compares(text))
        named = not leans or names_title(self.shop, text)
        return {} if named else of_matter(self.shop, choice.use_case, may)

    def fallback_text(self, use_case: str) -> str:
        """What to say when the tier of a use case cannot answer."""
        return self.shop.renderer.render(self.shop.use_cases[use_case].fallback)

"""What the classifier decides with: the shop's rules and use cases, and the model."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from classifier.anywhere import understood
from classifier.choice import Choice
from classifier.controls import Controls
from classifier.doubt import UNSURE, choose, in_another_language
from classifier.history.again import put_again
from classifier.history.answer import answered
from classifier.history.current import with_current
from classifier.history.doubted import is_doubtful, misses_hint
from classifier.history.filling import filled_within
from classifier.history.flow import (
    CANCEL,
    ESCALATION,
    SMALL_TALK,
    dialogue,
    handed_over,
    judged,
    ruled,
    said_in,
)
from classifier.history.followup import followed
from classifier.history.fragment import bare
from classifier.history.leaning import needs_context
from classifier.history.nearer import nearer
from classifier.history.pointing import pointed, put
from classifier.history.resolved import resolved
from classifier.history.shown import picked, with_options
from classifier.history.subject import VOLUME, firing
from classifier.history.suggested import with_suggested
from classifier.history.things import with_things
from classifier.history.wanted import SUGGESTS, fitting, of_matter, titles_of
from classifier.history.wanted import named as thing_named
from classifier.language import ENGLISH, is_foreign, may_be_foreign
from classifier.limits import Limits
from classifier.manifest import OUT_OF_SCOPE
from classifier.model import Ask
from classifier.once import once
from classifier.reading.reader import Reader
from classifier.reading.reread import look, may_be_outvoted, reread
from classifier.reading.seen import Seen
from classifier.reading.settled import settled
from classifier.wording import asks
from events.context import Context, Flow
from events.decision import Evidence
from events.turn import Turn
from playbook.rule import Match, first_match
from playbook.shop import Shop
from playbook.slot import tidy

LOST_CONTEXT = "lost_context"


@dataclass(frozen=True)
class Desk:
    """Asks the kinds of evidence in their order; `ask` is the model that `limits` are of.

    `reader` knows turns with a session behind them; without one the first evidence stands.
    """

    shop: Shop
    ask: Ask
    limits: Limits
    controls: Controls
    reader: Reader | None = None

    async def choice(self, turn: Turn) -> Choice:
        """The first evidence that decides, unless the reader of the session outvotes it."""
        context, desk = self._current(turn.context), replace(self, ask=once(self.ask))
        found = await desk.first(context, turn)
        if self.reader and (seen := await desk.seen(found, context, turn.text)):
            found = reread(self.reader.posterior(seen), found, self.limits)
        return self._about(found, context, turn.text)

    async def shown(self, turn: Turn) -> Seen | None:
        """What a reader is shown of a turn; None of one that no reader may decide."""
        context, desk = self._current(turn.context), replace(self, ask=once(self.ask))
        return await desk.seen(await desk.first(context, turn), context, turn.text)

    async def seen(self, first: Choice, context: Context, text: str) -> Seen | None:
        """What is known of a turn whose first choice may be outvoted; else None."""
        may = may_be_outvoted(first, context, text, self.shop)
        return await look(context, text, first, self.ask) if may else None

    def _about(self, choice: Choice, context: Context, text: str) -> Choice:
        """The choice with the things it is about, the reader's pick where the turn names none."""
        found = with_things(self.shop, choice, context, text)
        if self.reader is None:
            return found
        own = self.shop.find_slots(text) | choice.slots
        return settled(self.shop, self.reader, found, own, context, text)

    def _current(self, context: Context) -> Context:
        return with_current(self.shop, with_suggested(self.shop, context))

    async def first(self, context: Context, turn: Turn) -> Choice:
        """The first evidence that decides: an open dialogue or question, a rule, the model."""
        found = await self._abroad(context, turn.text) or self._without_context(turn)
        if found is None and (flow := dialogue(context, self.shop.use_cases)):
            found = await self._in_dialogue(flow, context, turn.text)
        return found or await self._outside(context, turn.text)

    async def _abroad(self, context: Context, text: str) -> Choice | None:
        """What a turn in another language gets: never a cheap answer that takes English to find."""
        if self.shop.language != ENGLISH or not is_foreign(text, titles_of(self.shop)):
            return None
        match = firing(self.shop, context, text)
        find_slots = self.shop.find_slots
        found = understood(context, text, match, self.shop.use_cases, find_slots)
        return found or in_another_language(await self._modelled(text))

    async def _in_dialogue(self, flow: Flow, context: Context, text: str) -> Choice:
        # "It" is what the dialogue is about: rules for what else was talked about are left out.
        match = first_match(self.shop.rules, text, known=()) or self._asked_within(text)
        offered = {one.value for one in context.question.options} if context.question else set()
        context = with_options(self.shop, context)
        found = said_in(flow, context, tidy(text), match, self.shop.find_slots)
        if found is None:
            posterior = await self.ask(text)
            found = judged(flow, text, posterior, self.limits)
        if found.by is not Evidence.FLOW or CANCEL in found.slots:
            return found
        if offered & set(found.slots.values()):
            return found
        called = picked(self.shop, context, text)
        if not called and not found.slots:
            called = filled_within(self.shop, context, text)
        return replace(found, slots=called | found.slots)

    def _asked_within(self, text: str) -> Match | None:
        """The rule of a question or a wish, once words around it are gone ("hm can you …")."""
        said = bare(text)
        return first_match(self.shop.rules, said, known=()) if asks(said) else None

    async def _outside(self, context: Context, text: str) -> Choice:
        match = firing(self.shop, context, text)
        found = handed_over(context, match) or self._bound(context, text, match)
        if found is None and (match is None or _may_mean_other(match)):
            found = put(self.shop, context, pointed(self.shop, context, text))
        if found is None and match:
            found = ruled(match)
        found = found or followed(self.shop, context, text)
        return found or self._trusted(await self._judged(context, text), text)

    async def _judged(self, context: Context, text: str) -> Choice:
        """The model's choice; where it doubts a turn that leans on the session, it is asked once
        more, with the name of what is meant."""
        found = await self._modelled(text)
        one = pointed(self.shop, context, text)
        if found.use_case == ESCALATION:
            return found
        if one.use_case and self._misses(found, one.slots):
            why = f"chooses from what was shown: {' '.join(one.slots.values())}"
            return Choice(Evidence.QUESTION, one.use_case, why, slots=dict(one.slots))
        doubtful = is_doubtful(found, text) or misses_hint(found, one, text)
        said = resolved(self.shop, context, text, one) if doubtful else None
        if said is None:
            return found
        again = await self._modelled(said)
        settles = of_matter(self.shop, again.use_case, one.slots or context.entities)
        better = UNSURE in found.overlays or UNSURE not in again.overlays
        if not settles or not better or again.use_case == found.use_case:
            return nearer(self.shop, context, found, one.slots or fitting(self.shop, context))
        return replace(again, why=f"{again.why}; read as: {said}")

    def _misses(self, found: Choice, slots: Mapping[str, str]) -> bool:
        """Whether a model's guess is no use case of the things that a text points at."""
        guess = UNSURE in found.overlays or found.use_case in (SUGGESTS, SMALL_TALK)
        return guess and not of_matter(self.shop, found.use_case, slots)

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

    def fallback_text(self, use_case: str) -> str:
        """What to say when the tier of a use case cannot answer."""
        return self.shop.renderer.render(self.shop.use_cases[use_case].fallback)


def _may_mean_other(match: Match) -> bool:
    """Whether a rule of "it" fired that tells no volume: words of the text may point elsewhere."""
    return match.rule.anaphoric and VOLUME not in match.rule.pattern.groupindex

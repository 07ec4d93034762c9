"""The shop's playbook as the handler asks for it: words, policies, labels."""

from collections.abc import Iterable

from events.context import Option
from events.decision import Decision
from playbook.policy import Policy
from playbook.shop import Shop
from template.matcher import Matcher, sure

CHOICES = 3


class Desk:
    """What the template tier knows. Everything is in memory."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._matcher = Matcher(shop.policies.values())

    def say(self, template: str, **values: object) -> str:
        """The words of a template."""
        return self._shop.renderer.render(template, **values)

    def template_of(self, decision: Decision) -> str:
        """The template that answers a decision: its own, its use case's, or the honest fallback."""
        case = self._shop.use_cases[decision.use_case]
        return decision.template or case.template or case.fallback

    def is_fallback(self, decision: Decision) -> bool:
        """Whether a decision is answered by its use case's fallback: nothing is done for it."""
        return self.template_of(decision) == self._shop.use_cases[decision.use_case].fallback

    def policy(self, policy_id: str | None, text: str) -> Policy | None:
        """The policy that was named, else the one that the text surely asks for."""
        return self._shop.policies.get(policy_id or "") or sure(self._matcher.ranked(text))

    def choices(self, text: str) -> tuple[Option, ...]:
        """The policies that a text may ask for, the likeliest first."""
        likely = self._matcher.ranked(text)[:CHOICES]
        return tuple(Option(value=like.policy.id, label=like.policy.title) for like in likely)

    def labelled(self, use_cases: Iterable[str]) -> tuple[Option, ...]:
        """The use cases to choose from, as a customer calls them; unknown ones are left out."""
        known = (self._shop.use_cases.get(name) for name in use_cases)
        return tuple(Option(value=case.id, label=case.label) for case in known if case)

"""The use case of a turn that leans on the session, where the model cannot tell one."""

from collections.abc import Mapping
from dataclasses import replace

from classifier.choice import Choice
from classifier.doubt import CLARIFY, UNSURE
from classifier.history.wanted import of_matter
from classifier.manifest import OUT_OF_SCOPE
from events.context import Context
from playbook.shop import Shop


def nearer(shop: Shop, context: Context, found: Choice, things: Mapping[str, str]) -> Choice:
    """The matter of the last turn for a doubtful choice that is about no such things.

    It stays a doubtful one: no cheap tier answers.
    """
    doubtful = UNSURE in found.overlays or found.template == CLARIFY
    lost = found.use_case == OUT_OF_SCOPE or found.template == CLARIFY
    last = context.use_case
    if last is None or not (doubtful and lost) or of_matter(shop, found.use_case, things):
        return found
    if not of_matter(shop, last, things) or last == OUT_OF_SCOPE:
        return found
    why = f"{found.why}; it leans on {last}, of {' '.join(things.values())}"
    slots = {name: value for name, value in found.slots.items() if name != "options"}
    return replace(found, use_case=last, why=why, template=None, slots=slots, overlays=(UNSURE,))

"""What a customer's own words tell a dialogue about a return. Pure; the words are English."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from order.returns.wish import Choice
from playbook.returns import Returns, Wording
from playbook.slot import tidy

NEGATED = re.compile(
    r"(?:(?:\bnot|n't|\bnever|\binstead of|\brather than|\bwithout)(?: (?!but\b)\w+){0,3}"
    r"|\bno|\bnothing(?: \w+)?) $"
)
"""What stands right before a word and says the opposite of it: "it is not", "nothing is"."""

YES = re.compile(
    r"^(?:(?:oh|ok|okay|great|perfect|thanks|thank you|well|yes|yeah|yep)[,.! ]+)*"
    r"(?:y|yes|yeah|yep|yup|sure|ok|okay|fine|correct|right|exactly|confirm(?:ed)?|perfect|great"
    r"|(?:please )?(?:go ahead|do (?:it|that|so))|please do"
    r"|(?:that's|that is|it's|all|looks|sounds) (?:all )?"
    r"(?:right|correct|good|fine|great|ok|okay))"
    r"(?:[,.! ]+(?:please|thanks|thank you|go ahead|do (?:it|that|so)|please do"
    r"|(?:that's|that is|it's) (?:all )?(?:right|correct|fine|ok|okay)"
    r"|(?:return|refund|exchange) (?:it|this|that|them)))*[ .!]*$"
)
"""The whole of a text that agrees. One word more ("ok, later", "yes?") and it may say otherwise."""

NO = re.compile(
    r"^(?:(?:oh|no|nope|sorry)[,.! ]+)*"
    r"(?:n|no|nope|nah|wrong|not (?:yet|now|really|quite)|leave it|(?:please )?(?:don't|do not)"
    r"(?: do (?:it|that|so))?|(?:that's|that is|it's) (?:wrong|not (?:right|correct)))"
    r"(?:[,.! ]+(?:please|thanks|thank you|sorry|leave it|(?:please )?(?:don't|do not)"
    r"|(?:that's|that is|it's) (?:wrong|not (?:right|correct))))*[ .!]*$"
)
"""The whole of a text that refuses. "No problem" and "don't worry" refuse nothing."""

NONE = re.compile(r"^(?:no|nope|nah|none(?: of (?:these|those|them))?|neither)\W*$")
"""No answer to "which one?" but the wish to leave it."""

OTHER_ORDER = re.compile(
    r"\b(?:other|another|different|wrong|second|earlier|older|newer) orders?\b"
    r"|^(?:no[,. ]+)?(?:(?:it's|i mean|i meant) )?the other(?: one)?\W*$"
)


@dataclass(frozen=True)
class Said:
    """One turn of the dialogue. `asked` is the slot of the dialogue's own open question, if any."""

    text: str
    slots: Mapping[str, str] = field(default_factory=dict)
    asked: str | None = None

    @property
    def plain(self) -> str:
        """The words in lower case, with single spaces and straight quotes."""
        return tidy(self.text).lower()

    @property
    def leaves(self) -> bool:
        """Whether the customer leaves the dialogue."""
        return self.slots.get("cancel") == "yes"

    @property
    def hint(self) -> str:
        """The book that the session talked about, as if it were said: it may be the one meant."""
        series, volume = self.slots.get("series", ""), self.slots.get("volume", "")
        return f"{series.replace('-', ' ')} volume {volume}".lower() if series and volume else ""

    def names(self, order_id: str) -> bool:
        """Whether the order stands in the text itself."""
        return order_id.lower() in re.sub(r"[^a-z0-9]", "", self.plain)


def says(wording: Wording, text: str) -> bool:
    """Whether a text says it, and not the opposite."""
    hits = wording.pattern.finditer(text) if wording.pattern else ()
    return any(not NEGATED.search(text[: hit.start()]) for hit in hits)


def reason_in(text: str, terms: Returns) -> str | None:
    """The id of the first reason that a text gives."""
    return next((reason.id for reason in terms.reasons if says(reason, text)), None)


def choice_in(text: str, terms: Returns) -> Choice | None:
    """What a text asks for; None where it names both, or neither."""
    refund, exchange = says(terms.refund, text), says(terms.exchange, text)
    if refund == exchange:
        return None
    return Choice.REFUND if refund else Choice.EXCHANGE


def consent(said: Said) -> bool | None:
    """Whether the customer agrees to what was summed up; None where the turn says neither.

    Only an answer to that very question is an answer, and only one that says nothing else: whatever
    is left over may be a doubt, and is asked about again.
    """
    if said.asked != "return_confirm":
        return None
    if (bound := said.slots.get("return_confirm")) in ("yes", "no"):
        return bound == "yes"
    if YES.match(said.plain):
        return True
    return False if NO.match(said.plain) else None

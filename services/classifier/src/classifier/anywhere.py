"""What is understood in any language: danger, and an order id or a number that answers a question.

All else of a turn in another language is the large model's.
"""

import re
from collections.abc import Mapping

from classifier.choice import Choice
from classifier.history.answer import answered
from classifier.history.flow import SAFETY, FindSlots, dialogue, handed_over, ruled, said_in
from events.context import Context
from playbook.rule import Match
from playbook.use_case import UseCase

CARRIERS = (
    "bitte|danke|svp|stp|s'il|te|vous|pla[iî]t|por|per|favor|prosz[eę]|pros[ií]m|kudasai|onegaishimasu"
    "|pozhaluista|пожалуйста|tolong|po|lütfen|lutfen|merci|gracias|grazie|obrigad[oa]"
    "|der|die|das|le|la|el|il|lo|l|o|a|de|het|den|det|n"
    "|bestellung|commande|pedido|ordine|bestelling|zam[oó]wienie|objedn[aá]vka|zakaz|заказ|pesanan"
    "|sipari[sş]|tilaus|beställning|bestilling|ordre|order|comanda|chuumon|dingdan|订单|注文|주문"
    "|nummer|num[eé]ro|n[uú]mero|nomor|numara|numer|nr|番|番号|号"
)
"""Words around an id that ask for nothing: please, the order, number."""

CARRIER = re.compile(rf"\b(?:{CARRIERS})\b", re.IGNORECASE)
THING = re.compile(r"[A-Za-z]{0,4}[ -]?\d[A-Za-z\d-]*")
AROUND = " \t\n#.,;:!?¿¡°º'’()"


def bare(text: str) -> str | None:
    """The id or number that a text is, words aside that ask for nothing; None if it is more."""
    said = CARRIER.sub(" ", text).strip(AROUND)
    return said if THING.fullmatch(said) else None


def understood(
    context: Context,
    text: str,
    match: Match | None,
    use_cases: Mapping[str, UseCase],
    find_slots: FindSlots,
) -> Choice | None:
    """The choice of a turn in another language that needs no English to be sure of.

    `match` is the first rule that fires on the text.
    """
    if found := handed_over(context, match):
        return found
    if match and match.rule.priority >= SAFETY:
        return ruled(match)
    said = bare(text) if context.question else None
    if said is None:
        return None
    if flow := dialogue(context, use_cases):
        return said_in(flow, context, said, None, find_slots)
    return answered(context, said)

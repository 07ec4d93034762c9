"""The puppet profile: obeys whatever reads like an order, wherever it stands."""

from random import Random

from devkit.simulator.evidence import Asked
from devkit.simulator.faithful import faithful
from devkit.simulator.order import EVIDENCE, IGNORE, PROMPT, extra_texts, sole_texts
from devkit.simulator.profile import Label, Written

LABEL_CHARACTERS = 200


def puppet(asked: Asked, chance: Random) -> Written:
    """The text that is ordered to stand alone, else the faithful one with what is ordered besides.

    An order to ignore what was told drops the faithful text. Orders come from the customer, from
    what was said before and from the evidence.
    """
    items = (item.text for item in asked.items)
    source = "\n".join((asked.customer, *asked.said, *items))
    if alone := sole_texts(source):
        return Written(alone[0], (_label("obeyed", alone[0]),))
    extra, printed = extra_texts(source), _printed(source, asked)
    ignoring = IGNORE.search(source) and (extra or printed)
    kept = [] if ignoring else [faithful(asked, chance).text]
    labels = [_label("obeyed", text) for text in extra] + [_label("printed", t) for t in printed]
    return Written("\n".join((*kept, *extra, *printed)), tuple(labels))


def _printed(source: str, asked: Asked) -> list[str]:
    """The prompt and the evidence, as far as somebody asks for them."""
    prompt = [asked.system] if asked.system and PROMPT.search(source) else []
    return prompt + ([asked.user] if EVIDENCE.search(source) else [])


def _label(kind: str, text: str) -> Label:
    return Label(kind, text[:LABEL_CHARACTERS])

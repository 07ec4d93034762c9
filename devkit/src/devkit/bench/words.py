"""Messages made before a measurement, so that signing them is not part of it."""

import json
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from classifier.controls import Controls
from classifier.decide import decision_of, first_tier
from classifier.doubt import choose
from classifier.language import is_foreign
from classifier.limits import Limits
from classifier.model import Model
from devkit.check.script import CHAT, POLICY
from devkit.frontend import Frontend
from events.tier import Tier
from events.wire import Message
from playbook.rule import first_match
from playbook.shop import Shop
from worker.clock import BrokerClock

RULED = (*CHAT, *POLICY)
"""Texts that a rule sends to the template tier."""

DIALOGUES = frozenset({"returns", "escalation"})

_run = count(1)


def unruled(shop: Shop, corpus: Path) -> list[str]:
    """Texts of the corpus that no rule decides, without a session to lean on."""
    rows = (row for path in sorted(corpus.glob("*.jsonl")) for row in path.read_text().splitlines())
    texts = (str(json.loads(row)["text"]) for row in rows)
    return [text for text in texts if not first_match(shop.rules, text, known=())]


def cheap(shop: Shop, model: Model, texts: Sequence[str]) -> list[str]:
    """Those of the texts that the model sends to the template or the order tier, without a session
    to lean on, and that open no dialogue: in one, later turns of the session are not the model's.
    """
    controls = Controls(BrokerClock())

    limits = Limits.of(shop.use_cases, model.manifest)

    def is_cheap(text: str) -> bool:
        decision = decision_of(choose(model.posterior(text), limits), shop, controls)
        opens = decision.use_case in DIALOGUES or decision.template is not None
        return not opens and first_tier(decision, shop) in (Tier.TEMPLATE, Tier.ORDER)

    return [text for text in texts if not is_foreign(text) and is_cheap(text)]


def messages(
    frontend: Frontend,
    texts: Sequence[str],
    number: int,
    sessions: int,
    customer: str | None = None,
) -> Iterator[Message]:
    """`number` signed turns of a customer or a visitor, over so many sessions in turn, numbered in
    each."""
    run = f"bench-{next(_run)}"
    for place in range(number):
        session, turn_no = f"{run}-{place % sessions}", place // sessions + 1
        said = frontend.said(
            session,
            f"{session}-{turn_no}",
            texts[place % len(texts)],
            turn_no=turn_no,
            customer_id=customer,
        )
        yield frontend.message(said)

"""Messages made before a measurement, so that signing them is not part of it."""

import json
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from devkit.check.script import CHAT, POLICY
from devkit.frontend import Frontend
from events.wire import Message
from playbook.rule import first_match
from playbook.shop import Shop

RULED = (*CHAT, *POLICY)
"""Texts that a rule sends to the template tier."""

_run = count(1)


def unruled(shop: Shop, corpus: Path) -> list[str]:
    """Texts of the corpus that no rule decides, without a session to lean on."""
    rows = (row for path in sorted(corpus.glob("*.jsonl")) for row in path.read_text().splitlines())
    texts = (str(json.loads(row)["text"]) for row in rows)
    return [text for text in texts if not first_match(shop.rules, text, known=())]


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

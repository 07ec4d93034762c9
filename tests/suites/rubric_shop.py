"""Hand-made examples for the rubric, and embeddings that need no model."""

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from pydantic import JsonValue
from suites.reference_shop import PLAYBOOK

from devkit.rubric.assess import Setting
from devkit.rubric.assumed import read_assumed
from devkit.rubric.embed import Vectors
from devkit.rubric.example import Example
from devkit.rubric.facts import Masker, plain
from playbook.shop import load_shop

SIZE = 256
START = datetime(2026, 10, 1, 9, tzinfo=UTC)
TITLES = tuple(f"Saga of {name}" for name in ("Ash", "Bronze", "Cedar", "Dusk", "Ember", "Frost"))


def embed(texts: Sequence[str]) -> Vectors:
    """Words as signs in hashed places: texts that share words are near."""
    made = np.zeros((len(texts), SIZE), np.float32)
    for row, text in zip(made, texts, strict=True):
        for word in plain(text).split():
            number = zlib.crc32(word.encode())
            row[number % SIZE] += 1.0 if number & 4096 else -1.0
    lengths = np.linalg.norm(made, axis=1, keepdims=True)
    return np.asarray(made / np.maximum(lengths, 1e-6), np.float32)


def setting(corpus: Path) -> Setting:
    """The reference shop, told from two small use cases in `corpus`."""
    for name, words in (("parking", "park car lot garage"), ("weather", "rain sun cold wind")):
        rows = [
            f'{{"text": "{word} {number} {words.split()[number % 4]}", "label": "{name}"}}'
            for number in range(20)
            for word in words.split()[:2]
        ]
        (corpus / f"{name}.jsonl").write_text("\n".join(rows), encoding="utf-8")
    shop = load_shop(PLAYBOOK)
    return Setting(
        playbook=corpus.parent,
        shop=shop,
        assumed=read_assumed(PLAYBOOK, PLAYBOOK),
        embed=embed,
        masker=Masker(TITLES),
    )


def hours() -> list[Example]:
    """One answer, no fact that varies: a template's."""
    asks = ("when are you open", "opening hours please", "are you open now", "what hours")
    return [
        Example(
            text=f"{asks[n % 4]} {_word(n)}",
            answer="We answer the phone from 9 to 18 on weekdays.",
            at=START + timedelta(days=n % 30, minutes=n),
            harm_usd=1.0,
        )
        for n in range(60)
    ]


def stages() -> list[Example]:
    """Two forms that a customer's row decides, with its facts: the order tier's."""
    return [_stage(n) for n in range(60)]


def _stage(n: int) -> Example:
    sent, day = n % 2 == 0, f"2026-11-{n % 28 + 1:02d}"
    code = f"{'ABCDEFGH'[n % 8]}XK{100 + n}"
    row: dict[str, JsonValue] = {
        "order_id": code,
        "state": "sent" if sent else "packed",
        "due_on": day,
    }
    told = f"is with the carrier and arrives on {n % 28 + 1} Nov" if sent else "is being packed"
    later = "" if sent else f", it leaves us before {n % 28 + 1} Nov and you get a mail then"
    return Example(
        text=f"where is {code} {_word(n)}",
        answer=f"Your order {code} {told}{later}.",
        at=START + timedelta(hours=n),
        entities={"customer_id": f"c-{n}", "order": row},
        harm_usd=2.0,
    )


def facts() -> list[Example]:
    """One form whose facts stand in a record that is found by its name: retrieval's."""
    made = []
    for n in range(60):
        name = f"{TITLES[n % 6]} {_word(n)}"
        row: dict[str, JsonValue] = {
            "title": name,
            "author": f"Author {_word(n * 7)}",
            "pages": 100 + n,
        }
        made.append(
            Example(
                text=f"who wrote {name}",
                answer=f"{name} is by Author {_word(n * 7)} and has {100 + n} pages.",
                entities={"book": row},
                harm_usd=2.0,
            )
        )
    return made


def free() -> list[Example]:
    """Every answer is another, and none is in any passage: the big model's."""
    return [
        Example(
            text=f"what fits my mood {_word(n)}",
            answer=" ".join(_word(n * 13 + k * k + k) for k in range(12)).capitalize() + ".",
            harm_usd=1.0,
        )
        for n in range(60)
    ]


def _word(number: int) -> str:
    letters = []
    for place in range(3):
        number, rest = divmod(number * 31 + place * 7 + 5, 97)
        letters.append("bdfgklmnprst"[rest % 12] + "aeiou"[rest % 5])
        number += rest * 3
    return "".join(letters)

"""Texts in another language: seen surely, or left to the model as before."""

import json
from pathlib import Path

import pytest
from suites.people import turn
from suites.posteriors import limits, posterior
from suites.reference_shop import PLAYBOOK, shop

from classifier.controls import Controls
from classifier.desk import Desk
from classifier.doubt import LANGUAGE
from classifier.handler import handle
from classifier.language import is_foreign
from classifier.model import Posterior
from events.decision import Evidence
from events.route import Route
from events.tier import Tier
from playbook.catalogue import read_catalogue
from worker.clock import BrokerClock


@pytest.mark.parametrize(
    "text",
    [
        "Wo ist meine Bestellung?",
        "Ich suche etwas wie Berserk, aber weniger brutal",
        "où est ma commande",
        "Je voudrais retourner ce livre",
        "¿Dónde está mi pedido?",
        "dov'è il mio ordine",
        "onde está o meu pedido",
        "waar is mijn bestelling",
        "gdzie jest moje zamówienie",
        "本を返品したい",
        "где мой заказ",
        "أين طلبي",
    ],
)
def test_another_language_is_seen(text: str) -> None:
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#ABC123",
        "12",
        "?!",
        "hola",
        "do you have ベルセルク?",
        "shipping to Los Angeles or Las Vegas",
        "who wrote Die Wergelder",
        "Kimi ni Todoke",
        "is het a typo of the",
    ],
)
def test_a_foreign_word_is_no_other_language(text: str) -> None:
    assert not is_foreign(text)


def test_no_known_turn_and_no_title_is_taken_for_another_language() -> None:
    lines = [
        json.loads(line)
        for file in sorted(Path(PLAYBOOK / "corpus").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    assert [one["text"] for one in lines if one["label"] != "out_of_scope"]
    assert not [
        one["text"] for one in lines if one["label"] != "out_of_scope" and is_foreign(one["text"])
    ]
    series = read_catalogue(PLAYBOOK / "catalogue" / "series.jsonl")
    assert not [one.title for one in series if is_foreign(one.title)]


async def routed(text: str, likely: Posterior) -> Route:
    async def ask(_: str) -> Posterior:
        return likely

    return await handle(turn(text), desk=Desk(shop(), ask, limits(), Controls(BrokerClock())))


@pytest.mark.parametrize(
    "likely",
    [
        posterior(out_of_scope=0.99),
        posterior(chitchat=0.99),
        posterior(billing=0.48, returns=0.44),
        posterior(billing=0.6),
    ],
)
async def test_it_is_never_answered_cheaply(likely: Posterior) -> None:
    route = await routed("Wo ist meine Bestellung?", likely)
    assert (route.decision.by, route.decision.tier) == (Evidence.MODEL, Tier.LLM)
    assert (route.tier, route.decision.overlays) == (Tier.RAG, (LANGUAGE,))
    assert (route.decision.template, route.decision.slots) == (None, {})
    assert route.decision.candidates[0].use_case == likely.best


async def test_what_a_rule_understands_stays_with_its_rule() -> None:
    route = await routed("#ABC123", posterior(out_of_scope=0.99))
    assert (route.decision.by, route.tier) == (Evidence.RULE, Tier.ORDER)

"""The story's load: every line means what the driver expects, in the shares that were asked for."""

import random
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from classifier.asking import asking
from classifier.controls import Controls
from classifier.decide import decision_of
from classifier.desk import Desk
from classifier.limits import Limits
from classifier.model import Model
from classifier.settings import Settings
from devkit.check.dialogues import CUSTOMER, ORDER, dialogues, returning
from devkit.check.lines import COMPOSED, FACTS, TITLES, WISHES, Lines
from devkit.check.mix import ALL, PLAIN, STORY, WORKERS, mix_of
from devkit.errors import DevkitError
from events.tier import Tier
from events.turn import Turn
from playbook.shop import load_shop
from worker.clock import BrokerClock

ROOT = Path(__file__).parents[4]
LINES = Lines.read(ROOT / "playbook")
ORDERS = {"c-aiko": ("ABC123", "XYZ789")}

TEXTS = [
    *((text, "product_info", Tier.RAG) for text, _ in FACTS),
    *((text, "product_info", Tier.RAG) for text in COMPOSED),
    *((text, "recommendation", Tier.LLM) for text in WISHES),
]


async def test_every_line_is_decided_as_the_driver_expects() -> None:
    model = Model.load(ROOT / Settings().model)
    wrong = []
    async with asking(model) as ask:
        shop = load_shop(ROOT / "playbook")
        limits = Limits.of(shop.use_cases, model.manifest)
        desk = Desk(shop, ask, limits, Controls(BrokerClock()))
        for title in TITLES:
            for text, use_case, tier in TEXTS:
                said = text.format(title=title, volume=3)
                turn = Turn(session_id="s", turn_id="t", text=said, envelope="x", asked_at=1)
                decision = decision_of(await desk.choice(turn), shop, desk.controls)
                if (decision.use_case, decision.tier, decision.template) != (use_case, tier, None):
                    wrong.append((said, decision.use_case, decision.tier, decision.template))
    assert wrong == []


def test_all_titles_are_in_the_catalogue() -> None:
    said = {LINES.recommend(random.Random(seed))[0] for seed in range(300)}
    assert all(any(title in text for text in said) for title in TITLES)


def test_a_line_about_a_book_asks_for_a_volume_that_exists() -> None:
    for seed in range(200):
        text, expected = LINES.product(random.Random(seed))
        assert expected.mentions
        assert "volume 0" not in text


def test_the_story_has_its_shares() -> None:
    dice, pick = random.Random(1), STORY.pick(ORDERS, LINES)
    tiers = Counter(pick(dice, "c-aiko")[1].tier for _ in range(4_000))
    shares = {tier: count / 4_000 for tier, count in tiers.items()}
    assert shares[Tier.TEMPLATE] == pytest.approx(0.18, abs=0.03)
    assert shares[Tier.ORDER] == pytest.approx(0.15, abs=0.03)
    assert shares[Tier.RAG] == pytest.approx(0.45, abs=0.03)
    assert shares[Tier.LLM] == pytest.approx(0.22, abs=0.03)


def test_a_visitor_asks_for_no_order() -> None:
    dice, pick = random.Random(1), mix_of("order=1").pick(ORDERS, LINES)
    assert {pick(dice, None)[1].tier for _ in range(50)} == {Tier.TEMPLATE}
    assert {pick(dice, "c-aiko")[1].tier for _ in range(50)} == {Tier.ORDER}


def test_what_must_run_follows_from_the_mix() -> None:
    assert mix_of("plain") is PLAIN
    assert PLAIN.services == WORKERS
    assert mix_of("talk=2, product=5").services == ALL


@pytest.mark.parametrize("given", ["", "spam", "talk=a", "talk=0", "talk=1,soup=2"])
def test_a_mix_that_there_is_not(given: str) -> None:
    with pytest.raises(DevkitError, match="--mix"):
        mix_of(given)


def test_a_return_ends_with_a_confirmation_that_opens_it() -> None:
    for seed in range(10):
        lines = returning(7, random.Random(seed))
        assert [expected.opens for _, expected in lines] == [False] * (len(lines) - 1) + [True]
        assert all(expected.follows for _, expected in lines[1:])
        assert lines[-1][1].mentions == ORDER.format(7)


def test_dialogues_are_numbered_and_spread_over_the_run() -> None:
    planned = list(dialogues(run="t", seed=1, seconds=60, returns=10, handoffs=3))
    assert [b.at_s >= a.at_s for a, b in pairwise(planned)] == [True] * (len(planned) - 1)
    assert {turn.customer_id for turn in planned if turn.customer_id} == {
        CUSTOMER.format(number) for number in range(10)
    }
    for session in {turn.session_id for turn in planned}:
        own = [turn for turn in planned if turn.session_id == session]
        assert [turn.turn_no for turn in own] == list(range(1, len(own) + 1))
    assert len({turn.session_id for turn in planned if turn.customer_id is None}) == 3

"""A turn's decision depends on nothing but itself: alone, in a crowd, and again."""

import asyncio
import random
from pathlib import Path

from classifier.asking import asking
from classifier.controls import Controls
from classifier.decide import decision_of
from classifier.desk import Desk
from classifier.limits import Limits
from classifier.model import Model
from devkit.training.corpus import Corpus
from events.decision import Decision, Evidence
from events.turn import Turn
from playbook.shop import load_shop
from worker.clock import BrokerClock

PLAYBOOK = Path(__file__).parents[2] / "playbook"
TURNS = 1_000


def turn(text: str) -> Turn:
    return Turn(session_id="s", turn_id="t", text=text, envelope="x", asked_at=1)


async def test_a_thousand_turns_are_decided_alike_alone_together_and_again() -> None:
    texts = [row.text for row in Corpus.read(PLAYBOOK / "corpus").rows]
    chosen = random.Random(5).sample(texts, TURNS)
    shop, model = load_shop(PLAYBOOK), Model.load(PLAYBOOK / "classifier")
    async with asking(model) as ask:
        limits = Limits.of(shop.use_cases, model.manifest)
        desk = Desk(shop, ask, limits, Controls(BrokerClock()))

        async def decided(text: str) -> Decision:
            return decision_of(await desk.choice(turn(text)), shop, desk.controls)

        alone = [await decided(text) for text in chosen]
        together = await asyncio.gather(*(decided(text) for text in chosen))
        again = [await decided(text) for text in reversed(chosen)]
    assert list(together) == alone
    assert again[::-1] == alone
    assert sum(one.by is Evidence.MODEL for one in alone) > TURNS / 2, "the model is asked at all"

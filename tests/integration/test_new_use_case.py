"""A use case that the project lacks goes live by its files and a retrain: no code changes."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from suites.teaching import needs_training, outliers, train

from classifier.manifest import ModelError
from devkit.route.router import Router
from events.context import Context
from events.decision import Decision, Evidence
from events.reply import Reply, Status
from events.tier import Tier
from events.turn import Turn
from playbook.shop import load_shop
from template.desk import Desk
from template.handler import handle

PLAYBOOK = Path(__file__).parents[2] / "playbook"
NEW = "restock"
FILES = (f"use_cases/{NEW}.yaml", f"templates/{NEW}.j2", f"corpus/{NEW}.jsonl")
"""All that the new use case is."""

ROWS = 30
"""Examples that each of the other use cases keeps."""

ASKS = "is it back in stock, tell me when"
BY_RULE = ("notify me when Berserk 41 is back in stock", "please put me on the waiting list")
BY_MODEL = (
    ASKS,
    "Vagabond 12 is sold out, will there be more copies at some point?",
    "I missed Nana 7, drop me a message once you have it again",
    "could you ping me about Akira 5 the day it returns",
    "any idea if the Monster box set gets printed again",
)
ELSEWHERE = {
    "where is my order #ABC123": "order_tracking",
    "I want to talk to a human": "escalation",
    "I want to send back a book that I bought": "returns",
}

pytestmark = [needs_training, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Place:
    """A playbook without the use case and one with it, and the models trained on them."""

    without: Path
    complete: Path
    old_model: Path
    new_model: Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    root = tmp_path_factory.mktemp("shops")
    found = Place(*(root / name for name in ("without", "complete", "old", "new")))
    _copy(found.without)
    train(found.without / "corpus", found.old_model, outliers(every=4))
    shutil.copytree(found.without, found.complete)
    for file in FILES:
        shutil.copyfile(PLAYBOOK / file, found.complete / file)
    train(found.complete / "corpus", found.new_model, outliers(every=4))
    return found


def _copy(target: Path) -> None:
    """The reference shop without the new use case, its corpus thinned so that training is short."""
    parts = shutil.ignore_patterns("classifier", "evaluation", "rubric", "background", "grammars")
    shutil.copytree(PLAYBOOK, target, ignore=parts)
    for file in FILES:
        (target / file).unlink()
    for corpus in (target / "corpus").glob("*.jsonl"):
        lines = corpus.read_text().splitlines()
        corpus.write_text("\n".join(lines[:: max(1, len(lines) // ROWS)][:ROWS]) + "\n")


def test_what_the_project_lacks_is_not_decided(place: Place) -> None:
    router = Router.open(place.without, place.old_model)
    for text in (*BY_RULE, *BY_MODEL):
        assert router.decide(text).use_case != NEW
    _right(router, ELSEWHERE)


def test_the_wordings_are_new() -> None:
    lines = (PLAYBOOK / f"corpus/{NEW}.jsonl").read_text().splitlines()
    assert not {json.loads(line)["text"].lower() for line in lines} & set(map(str.lower, BY_MODEL))


def test_its_file_and_a_retrain_bring_it_to_life(place: Place) -> None:
    router = Router.open(place.complete, place.new_model)
    for text in BY_RULE:
        decision = router.decide(text)
        assert (decision.use_case, decision.by, decision.tier) == (
            NEW,
            Evidence.RULE,
            Tier.TEMPLATE,
        )
    said = {text: router.decide(text) for text in BY_MODEL}
    assert said[ASKS].use_case == NEW
    missed = {text: one for text, one in said.items() if one.use_case != NEW}
    assert len(missed) <= 1, missed
    assert all(one.by is Evidence.MODEL for one in said.values())
    _right(router, ELSEWHERE)


def test_with_enough_examples_the_model_answers_it_cheaply(place: Place) -> None:
    router = Router.open(place.complete, place.new_model)
    cheap = [text for text in BY_MODEL if router.decide(text).tier is Tier.TEMPLATE]
    assert cheap, [router.decide(text) for text in BY_MODEL]


async def test_its_template_is_the_reply(place: Place) -> None:
    shop = load_shop(place.complete)
    decision = Router.open(place.complete, place.new_model).decide(BY_RULE[0])
    reply = await handle(_turn(BY_RULE[0], decision), desk=Desk(shop))
    assert isinstance(reply, Reply)
    assert reply.leaves is not None
    assert reply.text == shop.renderer.render(NEW)
    assert "stock" in reply.text
    assert reply.status is Status.COMPLETED
    assert reply.leaves.use_case == NEW


def test_before_the_retrain_its_rules_decide_alone(place: Place) -> None:
    router = Router.open(place.complete, place.old_model)
    assert [router.decide(text).use_case for text in BY_RULE] == [NEW] * len(BY_RULE)
    assert NEW not in {router.decide(text).use_case for text in BY_MODEL}
    _right(router, ELSEWHERE)


def test_its_file_cannot_go_while_the_model_knows_it(place: Place) -> None:
    with pytest.raises(ModelError, match=f"labels {NEW} are no use cases of the playbook"):
        Router.open(place.without, place.new_model)


def _right(router: Router, expected: dict[str, str]) -> None:
    assert {text: router.decide(text).use_case for text in expected} == expected


def _turn(text: str, decision: Decision) -> Turn:
    return Turn(
        session_id="s",
        turn_id="t",
        text=text,
        envelope="e",
        asked_at=1,
        decision=decision,
        context=Context(),
        path=(Tier.TEMPLATE,),
    )

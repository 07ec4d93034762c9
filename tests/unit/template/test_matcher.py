"""The matcher: sure where a question is like a policy's own, silent where it is not."""

import json
from pathlib import Path

import pytest

from playbook.policy import Policy
from playbook.shop import load_shop
from template.matcher import Matcher, sure

PLAYBOOK = Path(__file__).parents[3] / "playbook"
POLICIES = load_shop(PLAYBOOK).policies
MATCHER = Matcher(POLICIES.values())


def found(text: str) -> str | None:
    policy = sure(MATCHER.ranked(text))
    return policy.id if policy else None


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("do you take american express", "payment_methods"),
        ("reset my pasword pls", "account"),
        ("customs fees to Norway, who pays?", "customs"),
        ("is there a loyalty program", "loyalty"),
        ("how are the books packed", "packaging"),
        ("my package was stolen from my porch", "missing_parcel"),
    ],
)
def test_is_sure(text: str, policy: str) -> None:
    assert found(text) == policy


@pytest.mark.parametrize(
    "text", ["", "?", "the thing", "what about it", "xyzzy plugh", "who is the best ninja"]
)
def test_is_not_sure(text: str) -> None:
    assert found(text) is None


def test_every_policy_is_found_by_its_own_questions() -> None:
    asks = [(ask, policy.id) for policy in POLICIES.values() for ask in policy.asks]
    assert [ask for ask, policy in asks if found(ask) not in (policy, None)] == []
    assert sum(found(ask) == policy for ask, policy in asks) >= 0.95 * len(asks)


def test_other_topics_find_no_policy() -> None:
    lines = (PLAYBOOK / "corpus" / "out_of_scope.jsonl").read_text().splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    assert sum(found(text) is not None for text in texts) <= 0.05 * len(texts)


def test_one_policy_alone_can_be_sure() -> None:
    policy = Policy(id="one", title="One", text="x", asks=("is there parking?", "b", "c", "d", "e"))
    assert sure(Matcher([policy]).ranked("is there parking")) is policy

"""The answers that the playbook may name are those that the order tier has."""

from events.tier import Tier
from order.handler import ANSWERS
from playbook import answers


def test_the_playbook_knows_the_order_tiers_answers() -> None:
    assert set(ANSWERS) == answers.ANSWERS[Tier.ORDER]

import re
from pathlib import Path

import pytest

from devkit.stack.kafka import Seat, new_cluster_id, server_properties

SEATS = (Seat(1, 9001, 9101), Seat(2, 9002, 9102), Seat(3, 9003, 9103))


@pytest.mark.parametrize(
    ("brokers", "copies", "in_sync"), [(1, "1", "1"), (2, "2", "1"), (3, "3", "2")]
)
def test_replication_follows_the_number_of_brokers(brokers: int, copies: str, in_sync: str) -> None:
    properties = server_properties(SEATS[0], SEATS[:brokers], Path("data"))
    assert properties["default.replication.factor"] == copies
    assert properties["offsets.topic.replication.factor"] == copies
    assert properties["min.insync.replicas"] == in_sync


def test_a_broker_listens_on_loopback_alone_and_makes_no_topic_by_itself() -> None:
    properties = server_properties(SEATS[1], SEATS, Path("data"))
    assert properties["listeners"] == "CLIENT://127.0.0.1:9002,CONTROLLER://127.0.0.1:9102"
    assert properties["auto.create.topics.enable"] == "false"
    assert properties["controller.quorum.voters"] == (
        "1@127.0.0.1:9101,2@127.0.0.1:9102,3@127.0.0.1:9103"
    )


def test_a_cluster_id_is_never_taken_for_an_option() -> None:
    for _ in range(200):
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{21}", new_cluster_id())

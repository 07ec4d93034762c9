"""The faust app that reads `chat.egress`: bytes and headers, nothing else."""

import logging

import faust

from bus.address import Address
from events.topics import EGRESS

GROUP = "ledger"
SESSION_TIMEOUT_S = 6.0
"""How long the partitions of a killed ledger stand still, as with every other service."""

REQUEST_TIMEOUT_S = 10.0
"""Bounds a stop while the broker hangs: the consumer's thread waits for the answer to its leave."""


class Reader(faust.App):  # type: ignore[misc]  # faust is not typed for strict checking
    """An app that keeps no files."""

    def _create_directories(self) -> None:
        """There is nothing to keep: the file system may be read-only."""


def create_app(kafka: str) -> tuple[faust.App, faust.TopicT]:
    """The app and the topic it reads. Nothing connects yet. Raises ValueError for a bad address.

    No topic is created: no leader, no reply and no changelog topic. Acknowledgements are off, so
    that faust commits nothing: `ledger.reading` commits what is booked.
    """
    for noisy in ("faust", "mode"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    address = Address.parse(kafka)
    app = Reader(
        GROUP,
        broker=[f"kafka://{host}" for host in address.hosts.split(",")],
        broker_credentials=_credentials(address),
        env_prefix="TIERWISE_FAUST_",
        autodiscover=False,
        store="memory://",
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        stream_wait_empty=False,
        consumer_auto_offset_reset="earliest",
        broker_session_timeout=SESSION_TIMEOUT_S,
        broker_heartbeat_interval=2.0,
        broker_rebalance_timeout=15.0,
        broker_request_timeout=REQUEST_TIMEOUT_S,
    )
    raw = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw"}
    return app, app.topic(EGRESS, **raw, value_serializer="raw", acks=False)


def _credentials(address: Address) -> faust.SASLCredentials | faust.SSLCredentials | None:
    context = address.options.get("ssl_context")
    if address.user is not None:
        return faust.SASLCredentials(
            username=address.user,
            password=address.password,
            ssl_context=context,
            mechanism=address.mechanism,
        )
    return faust.SSLCredentials(context) if context else None

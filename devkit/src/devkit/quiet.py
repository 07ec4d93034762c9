"""Log lines of the clients inside a command."""

import logging


def quiet_clients() -> None:
    """Leave out what the Kafka client logs at each attempt: commands report in their own words."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    logging.getLogger("bus").setLevel(logging.ERROR)

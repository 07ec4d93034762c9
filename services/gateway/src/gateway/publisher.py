"""Signs a turn as the frontend "gateway" and publishes it, or says that it could not."""

import logging
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bus.port import Producer, TooLarge, Unsure
from events.envelope import sign
from events.mask import mask_cards
from events.topics import INGRESS
from events.turn import Said
from events.wire import encode
from gateway.problem import Refused
from gateway.session import Grant
from playbook.frontends import Frontends
from telemetry.messaging import send

log = logging.getLogger(__name__)

FRONTEND = "gateway"
ACK_S = 2.0
MAX_WAITING = 1_000

UNAVAILABLE = (
    "Unavailable: the turn was not taken, or it is not known whether it was. The same turn_id may "
    "be sent again: it is answered once."
)


def signing_key(file: Path, frontends: Frontends) -> Ed25519PrivateKey:
    """The key in a PEM file. Raises ValueError unless it is registered, TypeError, OSError."""
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{file} must hold an Ed25519 private key in PEM (PKCS 8)")
    if frontends.key(FRONTEND) != key.public_key():
        raise ValueError(
            f"{file} is not the key of the frontend {FRONTEND!r}: register its public key in the "
            "folder that TIERWISE_FRONTENDS names, or every turn would be refused"
        )
    return key


class Publisher:
    """Accepts a turn only when the broker has acknowledged it."""

    def __init__(self, producer: Producer, key: Ed25519PrivateKey) -> None:
        self._producer = producer
        self._key = key
        self._waiting = 0

    @property
    def healthy(self) -> bool:
        """Whether turns can be published."""
        return self._producer.healthy

    def said(self, grant: Grant, turn_id: str, turn_no: int | None, text: str) -> Said:
        """The turn as it goes out: card numbers masked, then signed."""
        masked = mask_cards(text)
        envelope = sign(
            self._key,
            FRONTEND,
            session_id=grant.session_id,
            turn_id=turn_id,
            text=masked,
            issued_at=int(time.time()),
            customer_id=grant.customer_id,
        )
        return Said(
            session_id=grant.session_id,
            turn_id=turn_id,
            turn_no=turn_no,
            text=masked,
            envelope=envelope,
        )

    async def publish(self, said: Said) -> None:
        """Publish and wait up to two seconds for the acknowledgement. Raises Refused (503)."""
        if not self._producer.healthy or self._waiting >= MAX_WAITING:
            raise Refused("unavailable", UNAVAILABLE, retry_after_s=1)
        self._waiting += 1
        try:
            await send(self._producer, INGRESS, encode(said, FRONTEND), timeout_s=ACK_S)
        except (TooLarge, Unsure) as error:
            log.warning("turn %s was not acknowledged: %s", said.turn_id, error)
            raise Refused("unavailable", UNAVAILABLE, retry_after_s=1) from error
        finally:
            self._waiting -= 1

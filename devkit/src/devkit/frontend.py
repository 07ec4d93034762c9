"""A registered chat frontend: what signs a customer's words and gives them their Kafka message.

It does what docs/frontends.md asks of any frontend, in any language.
"""

import time
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from devkit.errors import environment_error
from devkit.project import Project
from devkit.stack.keys import frontend_key
from events.envelope import sign
from events.turn import Said
from events.wire import Message, encode


@dataclass(frozen=True)
class Frontend:
    """A name in the register of frontends, and the private key to it."""

    name: str
    key: Ed25519PrivateKey

    @classmethod
    def load(cls, project: Project, name: str) -> "Frontend":
        """The frontend whose key the stack made. Raises DevkitError when there is none."""
        path = frontend_key(project, name)
        if not path.is_file():
            raise environment_error(f"{path} is missing: start a stack once, it makes the keys.")
        key = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise environment_error(
                f"{path} is no Ed25519 key: remove it, the stack makes a new one."
            )
        return cls(name, key)

    def said(
        self,
        session_id: str,
        turn_id: str,
        text: str,
        *,
        turn_no: int | None = None,
        customer_id: str | None = None,
        issued_at: float | None = None,
    ) -> Said:
        """A turn with its envelope. `issued_at` is in seconds since the epoch, now by default."""
        envelope = sign(
            self.key,
            self.name,
            session_id=session_id,
            turn_id=turn_id,
            text=text,
            issued_at=int(issued_at or time.time()),
            customer_id=customer_id,
        )
        return Said(
            session_id=session_id, turn_id=turn_id, turn_no=turn_no, text=text, envelope=envelope
        )

    def message(self, said: Said) -> Message:
        """The message to publish to `chat.ingress`."""
        return encode(said, self.name)

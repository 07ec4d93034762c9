"""The registered frontends: who may publish turns, by which key, how fast."""

import base64
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import Field, field_validator

from playbook.error import PlaybookError
from playbook.source import Entry, read_model

REREAD_AFTER_S = 1.0
KEY_BYTES = 32


def decoded(public_key: str) -> bytes:
    """The raw bytes of a base64url key, padded or not. Raises ValueError."""
    raw = base64.b64decode(public_key + "=" * (-len(public_key) % 4), altchars=b"-_", validate=True)
    if len(raw) != KEY_BYTES:
        raise ValueError(f"must be {KEY_BYTES} bytes in base64url, not {len(raw)}")
    return raw


class Frontend(Entry):
    """One frontend's registration. `public_key` is a raw Ed25519 key in base64url."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    public_key: str
    turns_per_second: float = Field(gt=0)

    @field_validator("public_key")
    @classmethod
    def _is_key(cls, public_key: str) -> str:
        decoded(public_key)
        return public_key

    def key(self) -> Ed25519PublicKey:
        """The key that verifies this frontend's envelopes."""
        return Ed25519PublicKey.from_public_bytes(decoded(self.public_key))


class Frontends:
    """The folder of registrations. An unknown name makes it be read again, at most once a second."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._entries: dict[str, tuple[Frontend, Ed25519PublicKey]] = {}
        self._read()

    def key(self, name: str) -> Ed25519PublicKey | None:
        """The public key of a registered frontend, None for any other name."""
        entry = self._entry(name)
        return entry[1] if entry else None

    def limit(self, name: str) -> float | None:
        """The turns per second that a frontend may publish, None for an unknown one."""
        entry = self._entry(name)
        return entry[0].turns_per_second if entry else None

    def _entry(self, name: str) -> tuple[Frontend, Ed25519PublicKey] | None:
        if name not in self._entries and self._clock() - self._read_at >= REREAD_AFTER_S:
            self._read()
        return self._entries.get(name)

    def _read(self) -> None:
        self._read_at = self._clock()
        for file in sorted(self._folder.glob("*.yaml")):
            frontend = read_model(file, Frontend)
            if frontend.name != file.stem:
                raise PlaybookError(file, "name", f"must be {file.stem}, as the file is named")
            self._entries[frontend.name] = (frontend, frontend.key())

"""The registered frontends: who may publish turns, by which key, how fast."""

import base64
import logging
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import Field, field_validator

from playbook.error import PlaybookError
from playbook.source import Entry, read_model

log = logging.getLogger(__name__)

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

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")
    public_key: str
    turns_per_second: float = Field(gt=0)

    @field_validator("public_key")
    @classmethod
    def _is_key(cls, public_key: str) -> str:
        decoded(public_key)
        return public_key

    @cached_property
    def verifies(self) -> Ed25519PublicKey:
        """The key that verifies this frontend's envelopes."""
        return Ed25519PublicKey.from_public_bytes(decoded(self.public_key))


class Frontends:
    """The folder of registrations, read again for an unknown name, at most once a second.

    A broken file raises PlaybookError at the start. Later it is logged, and what was known of that
    frontend stands.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._read_at = clock()
        self._known = {file.stem: _registered(file) for file in self._files()}

    def key(self, name: str) -> Ed25519PublicKey | None:
        """The public key of a registered frontend, None for any other name."""
        known = self._find(name)
        return known.verifies if known else None

    def limit(self, name: str) -> float | None:
        """The turns per second that a frontend may publish, None for an unknown one."""
        known = self._find(name)
        return known.turns_per_second if known else None

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.yaml"))

    def _find(self, name: str) -> Frontend | None:
        if name not in self._known and self._clock() - self._read_at >= REREAD_AFTER_S:
            self._read_at = self._clock()
            self._known = dict(self._reread())
        return self._known.get(name)

    def _reread(self) -> Iterator[tuple[str, Frontend]]:
        for file in self._files():
            try:
                yield file.stem, _registered(file)
            except PlaybookError:
                log.exception("a frontend's registration is broken")
                if before := self._known.get(file.stem):
                    yield file.stem, before


def _registered(file: Path) -> Frontend:
    frontend = read_model(file, Frontend)
    if frontend.name != file.stem:
        raise PlaybookError(file, "name", f"must be {file.stem}, as the file is named")
    return frontend

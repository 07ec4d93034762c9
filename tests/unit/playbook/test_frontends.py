"""The registered frontends: read, re-read, and kept when a file breaks."""

from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from playbook.error import PlaybookError
from playbook.frontends import Frontends


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def register(folder: Path, file: str, **fields: object) -> bytes:
    raw = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key = urlsafe_b64encode(raw).decode().rstrip("=")
    entry = {"name": file, "public_key": f"'{key}'", "turns_per_second": 50} | fields
    text = "\n".join(f"{field}: {value}" for field, value in entry.items())
    (folder / f"{file}.yaml").write_text(text)
    return raw


def raw(frontends: Frontends, name: str) -> bytes | None:
    key = frontends.key(name)
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw) if key else None


def test_tells_key_and_limit(tmp_path: Path) -> None:
    key = register(tmp_path, "web")
    frontends = Frontends(tmp_path)
    assert raw(frontends, "web") == key
    assert frontends.limit("web") == 50
    assert frontends.key("other") is None
    assert frontends.limit("other") is None


def test_a_new_frontend_is_seen_after_a_second(tmp_path: Path) -> None:
    clock = Clock()
    frontends = Frontends(tmp_path, clock)
    key = register(tmp_path, "web")
    assert raw(frontends, "web") is None
    clock.now = 1.0
    assert raw(frontends, "web") == key


def test_unknown_names_read_the_folder_once_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, reads = Clock(), list[Path]()

    def glob(folder: Path, pattern: str) -> list[Path]:
        reads.append(folder)
        return []

    monkeypatch.setattr(Path, "glob", glob)
    frontends = Frontends(tmp_path, clock)
    for clock.now in (0.5, 1.0, 1.2, 1.9, 2.0):
        frontends.key("unknown")
    assert len(reads) == 3


def test_a_removed_frontend_is_forgotten_when_the_folder_is_read(tmp_path: Path) -> None:
    clock = Clock()
    register(tmp_path, "web")
    frontends = Frontends(tmp_path, clock)
    (tmp_path / "web.yaml").unlink()
    clock.now = 1.0
    assert frontends.key("somebody") is None
    assert frontends.key("web") is None


def test_a_file_that_breaks_later_harms_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    key = register(tmp_path, "web")
    frontends = Frontends(tmp_path, clock)
    (tmp_path / "web.yaml").write_text("name: [")
    second = register(tmp_path, "app")
    clock.now = 1.0
    assert raw(frontends, "app") == second
    assert raw(frontends, "web") == key
    assert "web.yaml" in caplog.text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"public_key": "'AAAA'"}, "public_key"),
        ({"public_key": "'!!!'"}, "public_key"),
        ({"turns_per_second": 0}, "turns_per_second"),
        ({"secret": "x"}, "secret"),
        ({"name": "other"}, "name"),
    ],
)
def test_a_broken_file_stops_the_start(
    tmp_path: Path, fields: dict[str, object], field: str
) -> None:
    register(tmp_path, "web", **fields)
    with pytest.raises(PlaybookError) as error:
        Frontends(tmp_path)
    assert (error.value.file, error.value.field) == (tmp_path / "web.yaml", field)

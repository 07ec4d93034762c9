from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from devkit.errors import DevkitError
from devkit.project import Project
from devkit.stack import keys


def private(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def registered(path: Path) -> bytes:
    text = yaml.safe_load(path.read_text())["public_key"]
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_every_development_frontend_is_registered_with_its_own_key(project: Project) -> None:
    keys.ensure_keys(project)
    for name, limit in keys.FRONTENDS.items():
        entry = project.frontends / f"{name}.yaml"
        fields = yaml.safe_load(entry.read_text())
        assert (fields["name"], fields["turns_per_second"]) == (name, limit)
        assert registered(entry) == raw(private(keys.frontend_key(project, name)).public_key())


def test_keys_are_kept_and_their_owners_alone(project: Project) -> None:
    keys.ensure_keys(project)
    before = {path.name: path.read_bytes() for path in project.keys.iterdir()}
    keys.ensure_keys(project)
    assert {path.name: path.read_bytes() for path in project.keys.iterdir()} == before
    for name in (*(f"{one}.pem" for one in keys.FRONTENDS), keys.SESSION_SECRET):
        assert (project.keys / name).stat().st_mode & 0o777 == 0o600


def test_the_public_key_checks_what_the_private_one_signs(project: Project) -> None:
    keys.ensure_keys(project)
    secret, public = keys.customer_jwt_keys(project)
    checker = load_pem_public_key(public.read_bytes())
    assert isinstance(checker, Ed25519PublicKey)
    checker.verify(private(secret).sign(b"a customer"), b"a customer")


def test_the_playbooks_frontends_are_registered_too(project: Project) -> None:
    folder = project.playbook / "frontends"
    folder.mkdir(parents=True)
    (folder / "kiosk.yaml").write_text("name: kiosk\n")
    keys.ensure_keys(project)
    assert (project.frontends / "kiosk.yaml").read_text() == "name: kiosk\n"


def test_a_frontend_is_added_once(tmp_path: Path) -> None:
    registry, folder = tmp_path / "registry", tmp_path / "keys"
    secret, entry = keys.add_frontend("kiosk", limit=7, registry=registry, keys=folder)
    assert registered(entry) == raw(private(secret).public_key())
    assert secret.stat().st_mode & 0o777 == 0o600
    with pytest.raises(DevkitError, match="registered already"):
        keys.add_frontend("kiosk", limit=7, registry=registry, keys=folder)


@pytest.mark.parametrize("name", ["", "Kiosk", "a/b", "../up", "9lives", "a" * 41])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DevkitError, match="cannot name a frontend"):
        keys.add_frontend(name, limit=1, registry=tmp_path, keys=tmp_path)

"""Keys of a development stack, and the folder of registered frontends.

Made once and kept in `.tierwise/keys`, so that a restarted stack knows yesterday's frontends. A
private key is never overwritten and is readable by its owner alone.
"""

import os
import re
import secrets
import tempfile
from base64 import urlsafe_b64encode
from pathlib import Path

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from devkit.errors import DevkitError, environment_error
from devkit.project import Project

NAME = re.compile(r"^[a-z][a-z0-9-]{0,39}$")
CUSTOMER_JWT = "customer-jwt"
SESSION_SECRET = "session-secret"

FRONTENDS = {"gateway": 2_000, "demo": 100, "check": 10_000}
"""Frontends of every development stack, and how many turns a second each may publish."""


def frontend_key(project: Project, name: str) -> Path:
    """Path of a frontend's private key."""
    return project.keys / f"{name}.pem"


def customer_jwt_keys(project: Project) -> tuple[Path, Path]:
    """(private, public) PEM: the first signs customers' JWTs (EdDSA), the second checks them."""
    private = project.keys / f"{CUSTOMER_JWT}.pem"
    return private, private.with_suffix(".pub.pem")


def session_secret(project: Project) -> str:
    """What the gateway's replicas sign session ids with: 32 random bytes, hexadecimal."""
    return (project.keys / SESSION_SECRET).read_text()


def ensure_keys(project: Project) -> None:
    """Make what is missing, and lay out the folder of registered frontends."""
    _private_folder(project.keys)
    for name, limit in FRONTENDS.items():
        key = _ensure_key(frontend_key(project, name))
        _register(project.frontends, name, key, limit)
    private, public = customer_jwt_keys(project)
    _replace(public, _public_pem(_ensure_key(private)))
    _create(project.keys / SESSION_SECRET, secrets.token_hex(32).encode())
    _copy_playbook_frontends(project)


def add_frontend(name: str, *, limit: int, registry: Path, keys: Path) -> tuple[Path, Path]:
    """Register a new frontend. Returns (its private key's path, its registration's path).

    Raises DevkitError when the name is not fit or is taken.
    """
    if not NAME.match(name):
        raise environment_error(
            f"{name!r} cannot name a frontend: lower case letters, digits and hyphens, a letter "
            "first, 40 at most."
        )
    private = keys / f"{name}.pem"
    if private.exists() or (registry / f"{name}.yaml").exists():
        raise DevkitError(f"A frontend {name} is registered already: choose another name.")
    _private_folder(keys)
    return private, _register(registry, name, _ensure_key(private), limit)


def _register(registry: Path, name: str, key: Ed25519PrivateKey, limit: int) -> Path:
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    entry = {
        "name": name,
        "public_key": urlsafe_b64encode(raw).decode().rstrip("="),
        "turns_per_second": limit,
    }
    registry.mkdir(parents=True, exist_ok=True)
    path = registry / f"{name}.yaml"
    _replace(path, yaml.safe_dump(entry, sort_keys=False).encode())
    return path


def _copy_playbook_frontends(project: Project) -> None:
    for source in (project.playbook / "frontends").glob("*.yaml"):
        _replace(project.frontends / source.name, source.read_bytes())


def _ensure_key(path: Path) -> Ed25519PrivateKey:
    fresh = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    _create(path, fresh)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise DevkitError(f"{path} holds no Ed25519 key: remove it, and a new one is made.")
    return key


def _public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _private_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def _create(path: Path, content: bytes) -> None:
    """Write the file whole, unless it is there: two stacks may start at once."""
    if path.exists():
        return
    scratch = _scratch(path, content)
    try:
        os.link(scratch, path)
    except FileExistsError:
        pass  # The other one was first, and its content is as good.
    finally:
        scratch.unlink()


def _replace(path: Path, content: bytes) -> None:
    scratch = _scratch(path, content)
    scratch.chmod(0o644)
    scratch.replace(path)


def _scratch(path: Path, content: bytes) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    return Path(name)

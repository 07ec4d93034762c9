"""A customer's token for the development stack, as a shop's own sign-in would make it."""

import time
from datetime import timedelta

import jwt

from devkit.errors import environment_error
from devkit.project import Project
from devkit.stack.keys import customer_jwt_keys

AUDIENCE = "tierwise"
LIFETIME = timedelta(hours=12)


def customer_token(project: Project, customer_id: str) -> str:
    """A JWT (EdDSA) for one customer. Raises DevkitError when no stack has made the keys yet."""
    private, _ = customer_jwt_keys(project)
    if not private.is_file():
        raise environment_error(f"{private} is missing: start a stack once, it makes the keys.")
    expires = int(time.time() + LIFETIME.total_seconds())
    claims = {"sub": customer_id, "aud": AUDIENCE, "exp": expires}
    return jwt.encode(claims, private.read_text(), algorithm="EdDSA")

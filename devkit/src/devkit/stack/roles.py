"""One plain database role per service. What a role may touch, the migrations grant."""

import secrets
from collections.abc import Mapping

import asyncpg

SERVICES = ("classifier", "template", "order", "gateway", "rag", "llm", "ledger")


def new_passwords() -> dict[str, str]:
    """A fresh password for every service's role."""
    return {name: secrets.token_urlsafe(24) for name in SERVICES}


async def ensure_roles(dsn: str, passwords: Mapping[str, str] | None = None) -> None:
    """Make the missing roles, as administrator `dsn`, and set the passwords that are given.

    A role without a password cannot log in over TCP; it exists so that the grants of the
    migrations apply. NOBYPASSRLS and NOSUPERUSER are stated because row security binds neither.
    """
    connection = await asyncpg.connect(dsn)
    try:
        for name in SERVICES:
            await _ensure(connection, name, (passwords or {}).get(name))
    finally:
        await connection.close()


async def _ensure(connection: asyncpg.Connection, name: str, password: str | None) -> None:
    exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name)
    verb = "ALTER" if exists else "CREATE"
    secret = f" PASSWORD {_literal(password)}" if password is not None else ""
    await connection.execute(
        f'{verb} ROLE "{name}" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE{secret}'
    )


def _literal(text: str) -> str:
    """Role statements take no parameters."""
    return "'" + text.replace("'", "''") + "'"

"""Numbered SQL files, each applied once, in order, in a transaction of its own.

A file is named NNNN_what_it_does.sql. Its number, name and SHA-256 are kept in `schema_migration`,
so that a file changed after it was applied is found and refused: write a new one instead.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from devkit.errors import DevkitError

NAME = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")
# Any fixed number: two runs of the command at once take turns.
LOCK = 0x71E2
BOOKS = """
CREATE TABLE IF NOT EXISTS schema_migration (
    number     integer     PRIMARY KEY,
    name       text        NOT NULL,
    sha256     text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


@dataclass(frozen=True)
class Migration:
    """One file: its number, its name, its text."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Hexadecimal digest of the file's text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Path) -> tuple[Migration, ...]:
    """All .sql files of the folder, by number. DevkitError on a bad name or a twin number."""
    if not folder.is_dir():
        raise DevkitError(f"There is no folder of migrations at {folder}.")
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        one = _read(path)
        if one.number in found:
            raise DevkitError(
                f"Migrations {found[one.number].name} and {one.name} have the same number."
            )
        found[one.number] = one
    return tuple(found[number] for number in sorted(found))


def _read(path: Path) -> Migration:
    match = NAME.match(path.name)
    if match is None:
        raise DevkitError(f"{path} is not named like 0001_what_it_does.sql.")
    return Migration(int(match.group(1)), path.name, path.read_text())


def pending(migrations: Iterable[Migration], applied: Mapping[int, str]) -> tuple[Migration, ...]:
    """Those not yet applied; `applied` maps number to SHA-256.

    Raises DevkitError when an applied file was changed or lost, or when a new file has a number
    below one that was applied already: on another database it would run in another order.
    """
    known = {one.number: one for one in migrations}
    for number, digest in applied.items():
        _check_applied(known.get(number), number, digest)
    waiting = tuple(one for number, one in sorted(known.items()) if number not in applied)
    if waiting and applied and waiting[0].number < max(applied):
        raise DevkitError(
            f"{waiting[0].name} is numbered below {max(applied):04d}, which is applied already: "
            "give it the next free number."
        )
    return waiting


def _check_applied(one: Migration | None, number: int, digest: str) -> None:
    if one is None:
        raise DevkitError(f"Migration {number:04d} is applied, but its file is gone: restore it.")
    if one.sha256 != digest:
        raise DevkitError(
            f"{one.name} was changed after it was applied: restore it and write a new migration."
        )


async def migrate(dsn: str, folder: Path) -> tuple[str, ...]:
    """Apply what is pending, as the administrator of `dsn`. Returns the names of those applied."""
    migrations = read_migrations(folder)
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        await connection.execute(BOOKS)
        rows = await connection.fetch("SELECT number, sha256 FROM schema_migration")
        waiting = pending(migrations, {row["number"]: row["sha256"] for row in rows})
        for one in waiting:
            await _apply(connection, one)
    finally:
        await connection.close()
    return tuple(one.name for one in waiting)


async def _apply(connection: asyncpg.Connection, one: Migration) -> None:
    try:
        async with connection.transaction():
            await connection.execute(one.sql)
            await connection.execute(
                "INSERT INTO schema_migration (number, name, sha256) VALUES ($1, $2, $3)",
                *(one.number, one.name, one.sha256),
            )
    except asyncpg.PostgresError as refused:
        raise DevkitError(f"{one.name} failed and was rolled back: {refused}") from refused

"""A real PostgreSQL server as a child process, on a loopback port of its own."""

import os
import secrets
import shutil
import signal
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from devkit.settings import inherited_environment
from devkit.stack.binaries import find_place
from devkit.stack.command import Command, run_to_end
from devkit.stack.ports import LOOPBACK, free_ports
from devkit.stack.process import Child, Guard, until_ready

ADMIN = "tierwise_admin"
DATABASE = "tierwise"
START_S = 30.0
TUNING = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
}


class Postgres:
    """One server. `stop`, `kill` and `start` keep its data and its port."""

    def __init__(self, data: Path, logs: Path, watch: Guard) -> None:
        self.port = free_ports(1)[0]
        self.password = secrets.token_urlsafe(24)
        self._place = find_place(data)
        self._log = logs / "postgres.log"
        self.child = Child("postgres", self._command(), self._log, watch)

    @property
    def admin_dsn(self) -> str:
        """DSN of the superuser, for migrations and tests; no service ever gets it."""
        return self._admin_dsn(DATABASE)

    def _admin_dsn(self, database: str) -> str:
        return f"postgresql://{ADMIN}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    async def start(self) -> None:
        """Initialise the data folder if it is empty, start, make the database. DevkitError."""
        fresh = not (self._place.data / "PG_VERSION").exists()
        if fresh:
            await self._initdb()
        self.child.start()
        await until_ready(self.child, self._answers, within=START_S)
        if fresh:
            await self._create_database()

    async def stop(self) -> None:
        """Fast shutdown: sessions are ended, the data is written."""
        await self.child.stop(grace=15)

    async def kill(self) -> None:
        """`kill -9` of the server; its sessions notice and end."""
        await self.child.kill()

    def pause(self) -> None:
        """Freeze the server and its sessions: connections stay open, nothing answers."""
        self.child.pause()

    def resume(self) -> None:
        """Undo `pause`."""
        self.child.resume()

    def discard(self) -> None:
        """Remove the data. Only after `stop`."""
        shutil.rmtree(self._place.scratch or self._place.data, ignore_errors=True)

    def _command(self) -> Command:
        options = TUNING | {"port": str(self.port)}
        return Command(
            argv=(
                str(self._place.programs / "postgres"),
                "-D",
                str(self._place.data),
                *(f"--{name}={value}" for name, value in options.items()),
            ),
            env=inherited_environment(),
            cwd=self._place.data,
            account=self._place.account,
            stop_signal=signal.SIGINT,
        )

    async def _initdb(self) -> None:
        secret = self._write_password()
        command = Command(
            argv=(
                *(str(self._place.programs / "initdb"), "-D", str(self._place.data), "-U", ADMIN),
                *("--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C"),
                *("--no-sync", "--no-instructions"),
            ),
            env=inherited_environment(),
            cwd=self._place.data,
            account=self._place.account,
        )
        try:
            await run_to_end("PostgreSQL's initdb", command)
        finally:
            secret.unlink()

    def _write_password(self) -> Path:
        """For initdb alone, which reads it from a file; the data folder itself must be empty."""
        secret = self._place.data.with_name(f"{self._place.data.name}.password")
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        if self._place.account is not None:
            os.chown(secret, self._place.account.uid, self._place.account.gid)
        return secret

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self._admin_dsn("postgres"), timeout=5)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False
        await connection.close()
        return True

    async def _create_database(self) -> None:
        connection = await asyncpg.connect(self._admin_dsn("postgres"))
        try:
            await connection.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            await connection.close()


def as_role(dsn: str, role: str, password: str) -> str:
    """The same server and database, as another role."""
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role)}:{quote(password)}@{place}"))

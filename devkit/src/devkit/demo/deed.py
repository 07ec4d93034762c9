"""What happens between two messages on the shop's side: a row is read, a person takes over."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
from rich.console import Console

from bus.port import Bus
from devkit.demo.script import Act
from devkit.operate import handoffs

WAIT_S = 10.0
LOOK_S = 0.1

RETURNED = """
SELECT l.label_no, l.order_id, l.customer_id, l.kind, l.reason, l.choice, l.opened_on,
       e.series, e.volume AS instead, f.amount_cents AS refund_cents
  FROM return_label l
  JOIN return_request r USING (label_no)
  LEFT JOIN return_exchange e ON e.order_id = r.order_id AND e.line_no = r.line_no
  LEFT JOIN return_refund f ON f.order_id = r.order_id AND f.line_no = r.line_no
 WHERE l.session_id = $1
"""
RELEASED = "SELECT 1 FROM handoff_release WHERE session_id = $1"
FORGET = "DELETE FROM return_label WHERE session_id LIKE $1"


@dataclass(frozen=True)
class Shopside:
    """The shop's own access: the bus, and the database as its administrator `dsn`."""

    bus: Bus
    dsn: str

    async def forget_returns(self, sessions: str) -> None:
        """Take back what earlier demonstrations opened (`LIKE sessions`): a book returns once."""
        await self._execute(FORGET, sessions)

    async def do(self, act: Act, session_id: str, said: str, console: Console) -> list[str]:
        """Do it and print what came of it; returns what is not as promised."""
        console.print(f"\n   [bold]· {act.value}[/bold]")
        deeds: dict[Act, Callable[[], Awaitable[list[str]]]] = {
            Act.RETURN: lambda: self._return(session_id, console),
            Act.PACKET: lambda: self._packet(session_id, said, console),
            Act.RELEASE: lambda: self._release(session_id),
        }
        return await deeds[act]()

    async def _return(self, session_id: str, console: Console) -> list[str]:
        rows = await self._fetch(RETURNED, session_id)
        for row in rows:
            told = ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)
            console.print(f"     {told}", markup=False, soft_wrap=True)
        return [] if len(rows) == 1 else [f"the return left {len(rows)} rows, not one"]

    async def _packet(self, session_id: str, said: str, console: Console) -> list[str]:
        held = (await handoffs.read(self.bus)).get(session_id)
        if held is None:
            return ["no packet is on chat.handoff"]
        packet = held.opened.model_dump_json(indent=2, exclude_none=True)
        for line in packet.splitlines():
            console.print(f"     {line}", markup=False, soft_wrap=True)
        return [] if held.opened.said == said else ["the packet does not hold what was said"]

    async def _release(self, session_id: str) -> list[str]:
        held = (await handoffs.read(self.bus)).get(session_id)
        await handoffs.release(self.bus, session_id, held)
        if not await self._kept(session_id):
            return [f"the release was not kept within {WAIT_S:.0f} s"]
        return [] if held and held.turns > 1 else ["the desk did not see what was said meanwhile"]

    async def _kept(self, session_id: str) -> bool:
        for _ in range(int(WAIT_S / LOOK_S)):
            if await self._fetch(RELEASED, session_id):
                return True
            await asyncio.sleep(LOOK_S)
        return False

    async def _fetch(self, query: str, value: str) -> list[dict[str, object]]:
        connection = await asyncpg.connect(self.dsn)
        try:
            return [dict(row) for row in await connection.fetch(query, value)]
        finally:
            await connection.close()

    async def _execute(self, query: str, value: str) -> None:
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute(query, value)
        finally:
            await connection.close()

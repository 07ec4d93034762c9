"""The operator's side of a running simulator, for tests, benches and the command."""

from typing import Any

import httpx
from pydantic import TypeAdapter

from devkit.errors import DevkitError
from devkit.simulator.book import Entry
from devkit.simulator.fault import Fault, InForce
from devkit.simulator.profiles import Choice

TIMEOUT_S = 10.0
ENTRIES = TypeAdapter(list[Entry])
FAULTS = TypeAdapter(list[InForce])


class SimulatorClient:
    """Every method raises DevkitError: nobody answers at `url`, or it was asked wrongly."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def book(self, since_ms: float = 0.0) -> list[Entry]:
        """What was billed to calls that arrived at `since_ms` (since 1970) or later."""
        body = await self._call("GET", "/admin/book", params={"since": since_ms})
        return ENTRIES.validate_python(body["entries"])

    async def profile(
        self, name: str, *, share: float | None = None, seed: int | None = None
    ) -> Choice:
        """From now on this profile writes `share` of the answers."""
        given = {"profile": name, "share": share, "seed": seed}
        chosen = {field: value for field, value in given.items() if value is not None}
        return Choice.model_validate(await self._call("POST", "/admin/profile", json=chosen))

    async def faults(self, *faults: Fault) -> list[InForce]:
        """Lay these faults; returns all that are in force."""
        laid = [fault.model_dump(mode="json") for fault in faults]
        body = await self._call("POST", "/admin/faults", json=laid)
        return FAULTS.validate_python(body["faults"])

    async def heal(self) -> None:
        """Take all faults away."""
        await self._call("DELETE", "/admin/faults")

    async def reset(self) -> None:
        """A new book, no fault, an empty cache, full quotas, the profile of the start."""
        await self._call("POST", "/admin/reset")

    async def _call(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as http:
                answer = await http.request(method, self.url + path, **given)
        except httpx.TransportError as away:
            raise DevkitError(f"No simulator answers at {self.url}: {away!r}") from away
        body: dict[str, Any] = answer.json() if answer.content else {}
        if answer.is_error:
            raise DevkitError(f"The simulator refuses: {body.get('error', answer.status_code)}")
        return body

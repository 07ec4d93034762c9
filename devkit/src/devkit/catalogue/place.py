"""Which Qdrant and which database a command works on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from qdrant_client import AsyncQdrantClient

from devkit.errors import environment_error
from devkit.project import Project
from devkit.settings import settings
from devkit.stack import record
from rag.index.connection import AWAY, open_qdrant


def qdrant_place(project: Project, given: str | None) -> str:
    """The one given, else TIERWISE_DEV_QDRANT, else the running stack's. Raises DevkitError."""
    place = given or settings().qdrant or _of_stack(project)
    if place is None:
        raise environment_error(
            "No Qdrant is known: start a stack with `tierwise up`, give --qdrant with a URL or a "
            "folder, or set TIERWISE_DEV_QDRANT."
        )
    return place


def _of_stack(project: Project) -> str | None:
    found = record.running(project)
    return found.qdrant if found else None


@asynccontextmanager
async def opened(place: str) -> AsyncIterator[AsyncQdrantClient]:
    """A client there. Raises DevkitError where nobody answers, or a folder is in use."""
    try:
        key = settings().qdrant_api_key
        async with open_qdrant(place, key.get_secret_value() if key else None) as client:
            yield client
    except AWAY as away:
        raise environment_error(f"Qdrant at {place} does not answer as it should: {away}") from away
    except RuntimeError as busy:
        if "already accessed" not in str(busy):
            raise
        raise environment_error(
            f"{place} is in use by another process: give the URL of its server instead."
        ) from busy

"""`python -m rag.index`: builds the playbook's index where the workers will read it, and ends.

A deployment runs it in rag's own image, before the workers or after a new playbook.
"""

import asyncio
import logging
from functools import partial

from rag.embedder import name_of, open_embedder
from rag.index.building import Builder, Built
from rag.index.connection import is_url, open_qdrant
from rag.index.content import playbook_entries
from rag.settings import Settings
from telemetry.setup import setup, shutdown

log = logging.getLogger(__name__)

TOLD_EVERY = 256


async def build(settings: Settings) -> Built:
    """Make the playbook the current version. Raises PlaybookError, and what the client raises."""
    entries = playbook_entries(settings.playbook)
    key, model = settings.qdrant_api_key, settings.embedding_model
    async with open_qdrant(settings.qdrant, key.get_secret_value() if key else None) as client:
        builder = Builder(client, settings.collection, on_server=is_url(settings.qdrant))
        load = partial(open_embedder, model, settings.torch_threads)
        return await builder.build(entries, name_of(model), load, _report)


def _report(done: int, total: int) -> None:
    if done % TOLD_EVERY == 0 or done == total:
        log.info("%d of %d entries are in", done, total)


def main() -> None:
    """Build, and say what is live."""
    setup("rag-index")
    try:
        built = asyncio.run(build(Settings()))
        log.info("%s holds %d entries and is live", built.collection, built.entries)
    finally:
        shutdown()


if __name__ == "__main__":
    main()

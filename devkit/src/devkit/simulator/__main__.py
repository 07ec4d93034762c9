"""`python -m devkit.simulator`: serve until told to stop."""

import uvicorn

from devkit.simulator.app import create_app, open_provider
from devkit.simulator.line import Protocol
from devkit.simulator.settings import Settings


def main() -> None:
    """Read the settings, serve. A call that hangs does not hold up the end."""
    settings = Settings()
    uvicorn.run(
        create_app(open_provider(settings)),
        host=settings.host,
        port=settings.port,
        http=Protocol,
        loop="asyncio",
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()

"""`python -m devkit.qdrant`: serve until told to stop."""

import uvicorn
from qdrant_client import QdrantClient

from devkit.qdrant.app import create_app
from devkit.qdrant.settings import Settings


def main() -> None:
    """Read the settings, open the folder, serve."""
    settings = Settings()
    client = QdrantClient(path=str(settings.folder))
    try:
        uvicorn.run(
            create_app(client),
            host=settings.host,
            port=settings.port,
            lifespan="off",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
    finally:
        client.close()


if __name__ == "__main__":
    main()

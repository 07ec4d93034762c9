"""`python -m devkit.qdrant`: serve until told to stop."""

import uvicorn
from qdrant_client import QdrantClient

from devkit.qdrant.app import create_app
from devkit.qdrant.settings import Settings


def main() -> None:
    """Open the folder for this process alone, and serve it."""
    settings = Settings()
    settings.path.mkdir(parents=True, exist_ok=True)
    local = QdrantClient(path=str(settings.path))
    try:
        uvicorn.run(
            create_app(local),
            host=settings.host,
            port=settings.port,
            lifespan="off",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
    finally:
        local.close()


if __name__ == "__main__":
    main()

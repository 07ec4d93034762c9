"""`python -m ledger`: the service that keeps the books."""

import uvloop

from ledger.serve import serve
from ledger.settings import Settings
from telemetry.setup import setup, shutdown


def main() -> None:
    """Read the settings, keep the books until told to stop."""
    settings = Settings()
    setup("ledger")
    try:
        uvloop.run(serve(settings))
    finally:
        shutdown()


if __name__ == "__main__":
    main()

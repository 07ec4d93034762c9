"""`python -m gateway`: one replica of the gateway."""

import uvloop

from bus.kafka import KafkaBus
from gateway.serve import serve
from gateway.settings import Settings
from telemetry.setup import setup, shutdown


def main() -> None:
    """Read the settings, serve until told to stop."""
    settings = Settings()  # type: ignore[call-arg]  # the environment holds the rest
    setup("gateway")
    try:
        uvloop.run(serve(settings, KafkaBus(settings.kafka)))
    finally:
        shutdown()


if __name__ == "__main__":
    main()

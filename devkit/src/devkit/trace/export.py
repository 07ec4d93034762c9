"""The standard variables that make a process send its spans to one address as Zipkin JSON."""


def to_zipkin(endpoint: str) -> dict[str, str]:
    """For a service's environment, or this process's own."""
    return {
        "OTEL_TRACES_EXPORTER": "zipkin_json",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT": endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "NO_PROXY": "127.0.0.1",
    }

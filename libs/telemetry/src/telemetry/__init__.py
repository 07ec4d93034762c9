"""OpenTelemetry set-up, typed names and header propagation."""

"""The runtime, written once: poll, per-key order, turn row, retry, dead letters, drain."""

"""Which series, volume or person a text names."""

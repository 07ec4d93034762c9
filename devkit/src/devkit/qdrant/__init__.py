"""Qdrant's REST interface over the client's local mode, for several workers to share."""

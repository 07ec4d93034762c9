"""A small Qdrant server out of the client's own local mode, for the embedded stack.

Local mode allows one process a folder; behind this server several workers share one. It serves the
part of Qdrant's REST API that rag and the catalogue's commands use, to the real client.
"""

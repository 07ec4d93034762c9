"""What the rag worker reads from the environment."""

from pydantic import Field, SecretStr

from worker.settings import WorkerSettings


class Settings(WorkerSettings):
    """Settings of one rag worker.

    `qdrant` is the URL of a server, or a folder for the client's local mode (one process a folder).
    `collection` is the alias of the index. `embedding_model` is a folder or a name that
    sentence-transformers knows; left out, the packaged MiniLM. A query waits `qdrant_timeout_s` for
    its answer. `patience_s` is shorter than a worker's: a try that begins just before its end takes
    another query's time, and the fallback must be out in 0.8 s all the same.
    """

    qdrant: str = "http://127.0.0.1:6333"
    qdrant_api_key: SecretStr | None = None
    qdrant_timeout_s: float = Field(default=0.35, gt=0)
    collection: str = Field(default="shop", pattern=r"^[a-z0-9_-]+$")
    embedding_model: str | None = None
    torch_threads: int = Field(default=1, ge=1)
    concurrency: int = Field(default=32, ge=1)
    patience_s: float = Field(default=0.35, gt=0)

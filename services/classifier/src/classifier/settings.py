"""What the classifier reads from the environment."""

from pathlib import Path

from worker.settings import WorkerSettings


class Settings(WorkerSettings):
    """The worker's settings; the model lies in the playbook, for it knows the shop's use cases."""

    # A turn that waits for its predecessor holds a place for up to two seconds: waiting is cheap.
    concurrency: int = 1024

    @property
    def model(self) -> Path:
        """The folder of the model: model.onnx, tokenizer.json, model.json."""
        return self.playbook / "classifier"

"""What the classifier's image holds: no torch, and nothing that brings it."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEAVY = {"torch", "transformers", "sentence-transformers", "scikit-learn", "onnx"}


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")
def test_the_classifiers_environment_has_no_torch() -> None:
    command = ["uv", "export", "--frozen", "--no-hashes", "--package", "tierwise-classifier"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = {line.split("==")[0].strip() for line in told.splitlines() if "==" in line}
    assert "onnxruntime" in names
    assert not names & HEAVY

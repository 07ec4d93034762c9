"""Trains small models for tests, as `tierwise classifier train` does.

Only the held-out answers differ: the folds' networks give them in fp32, without an export.
"""

import importlib.util
import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console

from classifier.manifest import OUT_OF_SCOPE, Manifest
from devkit import classifier as command

needs_training = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in command.NEEDED),
    reason="the extra 'train' is not installed",
)
BACKGROUND = Path(__file__).parents[2] / "playbook" / "background" / "background.jsonl"
EPOCHS = 3


def outliers(every: int) -> tuple[str, ...]:
    """Each so-manieth text of the reference shop's background."""
    from devkit.training.targets import background_of

    return background_of(BACKGROUND, BACKGROUND)[::every]


def train(data: Path, out: Path, background: Sequence[str]) -> Manifest:
    """Train on a shop's corpus, with the error targets of the playbook that it lies in."""
    from sklearn.exceptions import ConvergenceWarning

    from devkit.training import crossval, finetune, fitting, fold, pipeline
    from devkit.training.targets import targets_of

    recipe = finetune.Recipe(epochs=EPOCHS)
    policy = fitting.Policy(targets=targets_of(data, None))
    job = pipeline.Job(
        data, out, fold.DEFAULT_BASE, OUT_OF_SCOPE, tuple(background), recipe, policy
    )
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        # A regression on few rows is good enough before its last step.
        warnings.simplefilter("ignore", ConvergenceWarning)
        patch.setattr(crossval, "held_out", lambda encoded, found, *_: _plain(encoded, found))
        return pipeline.train(job, Console(quiet=True))


def _plain(encoded: object, found: object) -> object:
    from devkit.training import crossval

    return crossval.unserved(encoded, found)  # type: ignore[arg-type]  # handed on as they came

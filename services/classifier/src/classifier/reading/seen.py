"""What is known of a turn in its session, as numbers: the features of the reader."""

from dataclasses import dataclass

import numpy as np

from classifier.choice import Choice
from classifier.doubt import CLARIFY, UNSURE
from classifier.model import Posterior
from classifier.reading.standing import logs
from classifier.scoring import Vector
from events.context import Context
from events.decision import Evidence

KINDS = tuple(Evidence)


@dataclass(frozen=True)
class Seen:
    """A turn as the reader sees it.

    `alone` is the posterior of the text, `heard` that of the text behind what was said last (see
    `classifier.reading.heard`); `first` is what was chosen without the reader.
    """

    context: Context
    text: str
    alone: Posterior
    heard: Posterior
    first: Choice


def features(seen: Seen, labels: tuple[str, ...]) -> Vector:
    """(2 width + 7 labels + circumstances,): what the network pooled of both, then the rest.

    The rest are log-probabilities, the matter before, the first choice by its kind, circumstances.
    """
    chosen = _one_of(seen.first.use_case, labels)
    return np.concatenate(
        [
            seen.alone.parts,
            seen.heard.parts,
            logs(seen.alone, labels),
            logs(seen.heard, labels),
            _one_of(seen.context.use_case, labels),
            *(chosen * (seen.first.by is kind) for kind in KINDS),
            _circumstances(seen),
        ]
    )


def _one_of(name: str | None, labels: tuple[str, ...]) -> Vector:
    return np.array([label == name for label in labels], dtype=np.float64)


def _circumstances(seen: Seen) -> Vector:
    """Length, what is open, and how sure the first choice was."""
    context, first = seen.context, seen.first
    replied = context.recent[-1].replied if context.recent else ""
    return np.array(
        [
            np.log1p(len(seen.text.split())),
            float("?" in seen.text),
            float(replied.rstrip().endswith("?")),
            float(context.flow is not None),
            float(context.question is not None),
            float(UNSURE in first.overlays),
            float(first.template == CLARIFY),
            seen.alone.score,
            seen.alone.out_of_scope,
            float(len(context.recent)),
        ]
    )

"""The figures of an evaluation: these fields are the keys of its JSON (docs/classifier.md)."""

from pydantic import BaseModel, ConfigDict

from devkit.evaluation.share import Share


class Figures(BaseModel):
    """Never changed once computed; no field beyond those declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DataFigures(Figures):
    """What was judged on. `unknown_labels` are in the data and not in the model, with their rows;
    `absent_labels` the reverse."""

    sha256: str
    rows: int
    out_of_scope_rows: int
    background_rows: int
    background_sha256: str | None
    rows_with_history: int
    unknown_labels: dict[str, int]
    absent_labels: tuple[str, ...]


class Accuracy(Figures):
    """Of the best of all labels: it is the row's label; it is one of the accepted."""

    strict: Share
    accepted: Share


class MustNot(Figures):
    """Rows whose best label or answer is forbidden, of those that forbid one; their `lines`."""

    hits: Share
    lines: tuple[int, ...]


class LabelFigures(Figures):
    """One label. Precision, recall and F1 are strict, by the best of all labels.

    `answered` counts the rows answered under it at its threshold (for the label out of scope:
    refused), `right` those of them that accept it. `threshold` None: the model never decides so.
    """

    support: int
    precision: Share
    recall: Share
    f1: float | None
    threshold: float | None
    answered: int
    right: Share


class Confusion(Figures):
    """How many rows of `label` got `best` instead, which they do not accept."""

    label: str
    best: str
    rows: int


class Bin(Figures):
    """Rows with a final score from `low` to `high`: mean score, and the share that was right."""

    low: float
    high: float
    rows: int
    score: float
    right: Share


class Calibration(Figures):
    """Expected calibration error of the final score against "the best known label is accepted"."""

    ece: float
    bins: tuple[Bin, ...]


class Auroc(Figures):
    """The chance that a row out of scope ranks above another row; None, and `why`, without both."""

    value: float | None
    why: str | None = None


class OutOfScope(Figures):
    """How well out of scope is told from the rest.

    `recall`: rows out of scope of which it is the best label. `refused` and `answered`: what the
    thresholds did with them. `in_scope_refused`: rows in scope that were refused, though they do
    not accept it.
    """

    auroc: Auroc
    auroc_by_score: Auroc
    recall: Share
    refused: Share
    answered: Share
    in_scope_refused: Share


class Coverage(Figures):
    """The largest share of all rows answered at a precision, keyed by it ("0.95").

    `final_score` ranks by the final score, `softmax` by the softmax's maximum
    over the known labels.
    """

    final_score: dict[str, Share]
    softmax: dict[str, Share]


class AtThresholds(Figures):
    """What the fitted thresholds do: shares of all rows answered, refused, unsure and wrong.

    `wrong`: answered under a label not accepted. `precision`: right ones of those answered, and
    `precision_at_assumed_share` the same with rows out of scope weighted to `assumed_share` of all,
    the share that the thresholds were fitted for.
    """

    coverage: Share
    precision: Share
    wrong: Share
    refused: Share
    unsure: Share
    assumed_share: float
    precision_at_assumed_share: float | None


class Latency(Figures):
    """Of one text on one thread, tokenizer included, one after the other after a warm-up."""

    p50_ms: float
    p99_ms: float
    turns_per_second: float


class Report(Figures):
    """Everything that `tierwise classifier evaluate --json` prints."""

    model: str
    data: DataFigures
    accuracy: Accuracy
    must_not: MustNot
    macro_f1: float
    labels: dict[str, LabelFigures]
    confusions: tuple[Confusion, ...]
    calibration: Calibration
    out_of_scope: OutOfScope
    coverage_at_precision: Coverage
    at_thresholds: AtThresholds
    latency: Latency
    notes: tuple[str, ...]
    plots: tuple[str, ...] = ()

"""MODEL_CARD.md: the manifest in words."""

from classifier.manifest import Manifest

_NAMES = {
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "ece": "expected calibration error (15 bins)",
    "oos_auroc": "AUROC of the out-of-scope score",
    "oos_answered_at_0.9": "out-of-scope turns given another label with p ≥ 0.9",
    "int8_agreement": "same winner before and after int8",
    "themes_accuracy": "accuracy, whole themes held out",
    "themes_macro_f1": "macro-F1, whole themes held out",
    "themes_ece": "calibration error, whole themes held out",
    "themes_oos_auroc": "out-of-scope AUROC, whole themes held out",
    "themes_oos_answered_at_0.9": "the same share as above, whole themes held out",
    "latency_p50_ms": "latency P50, ms (one thread, one turn)",
    "latency_p99_ms": "latency P99, ms",
    "transfer_accuracy": "accuracy on other shops' and assistants' utterances",
    "transfer_macro_f1": "macro-F1 on them",
    "transfer_rows": "their number",
}

_TEXT = """# Model card: the classifier's second stage

Version `{version}`. A DistilBERT sequence classifier ({layers}) in int8 ONNX with
{labels_count} labels: {labels}.
Written by `tierwise classifier train`; do not edit by hand.

## Where it comes from
Base: {base}, folded into DistilBERT without loss (the embedding of token type 0 goes into the
positions'). Weights under Apache-2.0, see NOTICE. Trained on the corpus in `playbook/corpus`,
written for this project: {rows} rows in {families} families, SHA-256 `{sha256}`.
Settings: {settings}.

## What it is for
English turns of customers of the reference shop. It answers "which use case is this", nothing else.
Not for other languages, not as a moderation filter; an attack it calls a use case still meets the
tiers' own locks.

## Figures
Out of fold, as served (int8). A family is one template with all its fillings, or at most seven
neighbouring hand-written rows of a theme; no family is on both sides of a split. Themes are ten to
twenty per label; leaving out a whole theme asks about a matter the network has never read of and is
a lower bound. All rows were written for this project: real traffic will differ, and the figures
hold only for turns like these.

| figure | value |
|---|---|
{table}

Temperature {temperature:.3f}, fitted on the out-of-fold logits of all rows; the calibration error
is of those same rows (one parameter, so hardly optimistic). `model.json` carries golden texts that
every process checks when it loads the model.
"""


def card(manifest: Manifest) -> str:
    """The card as Markdown. A figure without a name here is an error: each says what it is."""
    table = [f"| {_NAMES[name]} | {value:g} |" for name, value in manifest.figures.items()]
    settings = ", ".join(f"{k} {v}" for k, v in manifest.training.items() if k != "base")
    return _TEXT.format(
        version=manifest.version,
        layers="6 layers, 384 wide, 12 heads",
        labels_count=len(manifest.labels),
        labels=", ".join(manifest.labels),
        base=manifest.training["base"],
        rows=manifest.data.rows,
        families=manifest.data.families,
        sha256=manifest.data.sha256,
        settings=settings,
        table="\n".join(table),
        temperature=manifest.temperature,
    )

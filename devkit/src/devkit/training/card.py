"""MODEL_CARD.md: the manifest in words."""

from textwrap import fill

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
    "themes_oos_answered_at_0.9": "out-of-scope turns answered with p ≥ 0.9, whole themes held out",
    "latency_p50_ms": "latency P50, ms (one thread, one turn, tokenizer included)",
    "latency_p99_ms": "latency P99, ms",
    "transfer_accuracy": "accuracy on utterances of other shops, banks and assistants",
    "transfer_macro_f1": "macro-F1 on them",
    "transfer_rows": "their number",
}

_CARD = """# Model card: the classifier's second stage

{summary}

## Where it comes from

{origin}

{settings}

## What it is for

English turns of customers of the reference shop. It answers "which use case is this", nothing else.
Not for other languages, and not a filter of content: an attack that it calls a use case still meets
the tiers' own locks.

## Figures

Out of fold, as served (int8). A family is one template with all its fillings, or at most seven
neighbouring hand-written rows of a theme; no family is on both sides of a split. Where whole themes
are held out, the network is asked about matters it has never read of: a lower bound. All rows were
written for this project, none by customers: real traffic will differ, and the figures hold for
turns like these. The utterances of other shops, banks and assistants are no training data, but
their mistakes were looked at while the corpus grew, so that this figure is no blind test.

| figure | value |
|---|---|
{table}

The temperature {temperature:.3f} was fitted on the out-of-fold logits of all rows, the calibration
error measured on the same rows (one parameter, hence hardly optimistic). The latency is that of the
machine which trained, under its load. `model.json` carries golden texts with their logits: every
process that loads the model checks them.
"""


def card(manifest: Manifest) -> str:
    """The card as Markdown. A figure without a name here is an error: each says what it is."""
    labels = ", ".join(manifest.labels)
    settings = ", ".join(f"{k} {v}" for k, v in manifest.training.items() if k != "base")
    return _CARD.format(
        summary=_paragraph(
            f"Version `{manifest.version}`. A DistilBERT sequence classifier in int8 ONNX with "
            f"{len(manifest.labels)} labels: {labels}. Written by `tierwise classifier train`; do "
            "not edit it by hand."
        ),
        origin=_paragraph(
            f"Base: {manifest.training['base']}, folded into DistilBERT without loss (the "
            "embedding of token type 0 goes into the positions'); its licence is in NOTICE. "
            f"Trained on `playbook/corpus`, written for this project: {manifest.data.rows} rows in "
            f"{manifest.data.families} families, SHA-256 `{manifest.data.sha256}`."
        ),
        settings=_paragraph(f"Settings: {settings}."),
        table="\n".join(f"| {_NAMES[k]} | {v:g} |" for k, v in manifest.figures.items()),
        temperature=manifest.temperature,
    )


def _paragraph(text: str) -> str:
    return fill(text, width=100, break_long_words=False, break_on_hyphens=False)

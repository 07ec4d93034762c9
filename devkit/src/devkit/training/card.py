"""MODEL_CARD.md: the manifest in words."""

from textwrap import fill

from classifier.manifest import Manifest, Threshold

CARD = "MODEL_CARD.md"

_NAMES = {
    "frozen_loss": "log-loss of the control on the first fold (encoder frozen), nats",
    "tuned_loss": "log-loss fine-tuned on the first fold, nats; the lower one is shipped",
    "accuracy": "accuracy",
    "accepted": "best label among the accepted ones",
    "macro_f1": "macro-F1",
    "score_ece": "calibration error of the final score (15 bins)",
    "score_auroc": "AUROC of the final score, right against wrong",
    "oos_auroc": "AUROC of the out-of-scope score",
    "coverage_at_0.95": "share of all rows answered at 95 % precision",
    "int8_agreement": "same winner before and after int8",
    "latency_p50_ms": "latency of a short turn, P50, ms (one thread, tokenizer and score included)",
    "latency_p99_ms": "latency of a short turn, P99, ms",
    "turns_per_second": "short turns a second on one thread",
}

_CARD = """# Model card: the classifier's second stage

{summary}

## Where it comes from

{origin}

{settings}

## What it is for

Turns of customers in the language of its corpus. It answers "which label is this, and how probable
is that", nothing else. Not for other languages, and not a filter of content: an attack that it
calls a use case still meets the tiers' own locks.

## Figures

Out of fold, as served (int8). A family is one template with all its fillings, or a few neighbouring
rows of a theme; no family is on both sides of a split. Real traffic will differ: the figures hold
for turns like these.

| figure | value |
|---|---|
{table}

The temperature {temperature:.3f} was fitted on the out-of-fold logits, the final score on
out-of-fold rows weighted to {share:.0%} out of scope. The latency is that of the machine which
trained, under its load. `model.json` carries {golden} texts with their logits: every process that
loads the model checks them.

## Thresholds

A label is answered where the final score reaches its threshold. The bound is the lower 95 %
confidence bound of the share of right answers, for traffic exchangeable with the corpus of which
{share:.0%} are out of scope; where live traffic is another, it does not hold.

| label | least score | tolerated wrong | answered | bound | why |
|---|---|---|---|---|---|
{thresholds}
"""


def card(manifest: Manifest) -> str:
    """The card as Markdown. A figure without a name here is an error: each says what it is."""
    labels = ", ".join(manifest.labels)
    settings = ", ".join(f"{k} {v}" for k, v in manifest.training.items() if k != "base")
    return _CARD.format(
        summary=_paragraph(
            f"Version `{manifest.version}`. A DistilBERT classifier in int8 ONNX with "
            f"{len(manifest.labels)} labels: {labels}; out of scope is `{manifest.out_of_scope}`. "
            "Written by `tierwise classifier train`; do not edit it by hand."
        ),
        origin=_paragraph(
            f"Base: {manifest.training['base']}, folded into DistilBERT without loss (the "
            "embedding of token type 0 goes into the positions'); the packaged one's licence is in "
            f"NOTICE. Trained on {manifest.data.rows} rows in {manifest.data.families} families, "
            f"background included; SHA-256 of the data `{manifest.data.sha256}`."
        ),
        settings=_paragraph(f"Settings: {settings}."),
        table="\n".join(f"| {_NAMES[k]} | {v:g} |" for k, v in manifest.figures.items()),
        temperature=manifest.temperature,
        share=manifest.out_of_scope_share,
        golden=len(manifest.golden),
        thresholds="\n".join(_row(name, one) for name, one in manifest.thresholds.items()),
    )


def _row(label: str, one: Threshold) -> str:
    least = "rules only" if one.least is None else f"{one.least:.3f}"
    bound = "" if one.bound is None else f"{one.bound:.1%}"
    name = label.replace("|", "\\|")
    return f"| {name} | {least} | {one.error_target:.1%} | {one.answered} | {bound} | {one.why} |"


def _paragraph(text: str) -> str:
    return fill(text, width=100, break_long_words=False, break_on_hyphens=False)

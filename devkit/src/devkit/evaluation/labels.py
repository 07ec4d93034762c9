"""Figures of each label, and which labels are taken for which."""

from collections import Counter

from devkit.evaluation.judged import Judged, Judgement, Verdict
from devkit.evaluation.report import Confusion, LabelFigures
from devkit.evaluation.share import Share

MOST = 20
"""Confusions that are listed."""


def label_figures(judged: Judgement) -> dict[str, LabelFigures]:
    """A row for each label of the model or of the data, in alphabetical order."""
    names = {*judged.terms.labels, *(one.row.label for one in judged.rows)}
    return {name: _figures(name, judged) for name in sorted(names)}


def macro_f1(labels: dict[str, LabelFigures]) -> float:
    """Mean F1 over the labels that occur as a row's label or as the best one."""
    found = [one.f1 for one in labels.values() if one.f1 is not None]
    return sum(found) / len(found)


def confusions(judged: Judgement) -> tuple[Confusion, ...]:
    """The most frequent mistakes of the best of all labels, most frequent first."""
    pairs = Counter(
        (one.row.label, one.posterior.best)
        for one in judged.rows
        if one.posterior.best not in one.row.accepts
    )
    ranked = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Confusion(label=a, best=b, rows=count) for (a, b), count in ranked[:MOST])


def _figures(name: str, judged: Judgement) -> LabelFigures:
    support = sum(one.row.label == name for one in judged.rows)
    guessed = sum(one.posterior.best == name for one in judged.rows)
    hit = sum(one.row.label == one.posterior.best == name for one in judged.rows)
    decided = [one for one in judged.rows if _decided(one) == name]
    right = sum(name in one.row.accepts for one in decided)
    threshold = judged.terms.thresholds.get(name)
    return LabelFigures(
        support=support,
        precision=Share.of_turns(hit, guessed),
        recall=Share.of_turns(hit, support),
        f1=2 * hit / (support + guessed) if support + guessed else None,
        threshold=threshold.least if threshold else None,
        answered=len(decided),
        right=Share.of_turns(right, len(decided)),
    )


def _decided(one: Judged) -> str | None:
    """The label that the thresholds decide for, the one out of scope where refused."""
    if one.verdict is Verdict.UNSURE:
        return None
    return one.posterior.known if one.verdict is Verdict.ANSWERED else one.posterior.outside

"""The fits behind the final score: signs are kept, edges stay finite."""

import importlib.util

import numpy as np
import pytest

from classifier.scoring import FEATURES, Weighing

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("sklearn") is None, reason="needs the extra `train`"
)
ROWS = 400


def _drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows (n, 3) whose truth leans on the first two features, the second with a minus."""
    dice = np.random.default_rng(seed)
    features = dice.normal(size=(ROWS, 3))
    odds = 1.5 * features[:, 0] - features[:, 1] + 0.3
    return features, dice.random(ROWS) < 1 / (1 + np.exp(-odds))


@pytest.mark.parametrize("seed", range(5))
def test_a_free_fit_is_scikit_learns(seed: int) -> None:
    from sklearn.linear_model import LogisticRegression

    from devkit.training import signed

    features, truth = _drawn(seed)
    found = signed.fit(features, truth, np.ones(ROWS), (0, 0, 0))
    theirs = LogisticRegression(C=signed.REGULAR, tol=1e-8).fit(features, truth)
    assert np.allclose(found.weights, theirs.coef_[0], atol=1e-3)
    assert np.isclose(found.bias, theirs.intercept_[0], atol=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_a_weight_of_the_wrong_sign_stays_at_zero(seed: int) -> None:
    from devkit.training import signed

    features, truth = _drawn(seed)
    found = signed.fit(features, truth, np.ones(ROWS), (1, 1, -1))
    assert found.weights[0] > 0.5
    assert found.weights[1] == 0
    assert found.weights[2] <= 0


@pytest.mark.parametrize("count", [0, 1, 50])
def test_rows_of_one_kind_are_not_taken_for_certainty(count: int) -> None:
    from devkit.training import signed

    rows = np.ones((count, 2))
    found = signed.fit(rows, np.ones(count, dtype=bool), np.ones(count), (1, -1))
    assert (found.weights == 0).all()
    assert found.bias == pytest.approx(np.log(count + 1))


def test_the_score_sums_to_one_and_a_constant_feature_says_nothing() -> None:
    from devkit.training import score

    dice = np.random.default_rng(3)
    features = dice.normal(size=(ROWS, len(FEATURES)))
    features[:, FEATURES.index("near_out")] = 0.0
    outcome = dice.integers(0, 3, ROWS)
    scoring = score.fit(features, outcome, np.ones(ROWS))
    found = score.outcome_probabilities(scoring, features)
    assert np.isfinite(found).all()
    assert np.allclose(found.sum(axis=1), 1)
    for row, wanted in zip(features[:20], found[:20], strict=True):
        one = Weighing.of(scoring).outcome(row)
        assert np.allclose((one.right, one.rival, one.out), wanted)


def test_signs_are_those_of_the_table() -> None:
    from devkit.training import score

    dice = np.random.default_rng(5)
    features = dice.normal(size=(ROWS, len(FEATURES)))
    scoring = score.fit(features, dice.integers(0, 3, ROWS), np.ones(ROWS))
    for signs, weights in zip((score.RIGHT, score.OUT), scoring.weights, strict=True):
        for name, weight in zip(FEATURES, weights, strict=True):
            assert signs[name] * weight >= 0 or signs[name] == 0


@pytest.mark.parametrize("seen", [(0, 2), (0, 1, 3)])
def test_an_implanted_regression_answers_as_it_did_and_never_with_an_unseen_label(
    seen: tuple[int, ...],
) -> None:
    import torch
    from sklearn.linear_model import LogisticRegression

    from devkit.training.implant import implant

    dice = np.random.default_rng(11)
    features = dice.normal(size=(ROWS, 5))
    truth = np.array(seen)[dice.integers(0, len(seen), ROWS)]
    model = LogisticRegression().fit(features, truth)
    layer = torch.nn.Linear(5, 4)
    implant(model, layer)
    with torch.no_grad():
        found = layer(torch.tensor(features, dtype=torch.float32)).softmax(dim=1).numpy()
    assert np.allclose(found[:, seen], model.predict_proba(features), atol=1e-4)
    assert np.delete(found, seen, axis=1).max() < 1e-6

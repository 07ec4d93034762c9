"""The model's labels and the playbook's use cases belong together."""

import pytest
from suites.posteriors import LABELS
from suites.reference_shop import shop

from classifier.manifest import OUT_OF_SCOPE, Manifest, ModelError, check_labels


def manifest(*labels: str, out_of_scope: str = OUT_OF_SCOPE) -> Manifest:
    """One of which nothing but the labels counts."""
    return Manifest.model_construct(labels=labels, out_of_scope=out_of_scope)


def test_the_reference_shops_labels_are_its_use_cases() -> None:
    check_labels(manifest(*LABELS), shop().use_cases)


def test_a_label_that_is_no_use_case_is_named() -> None:
    with pytest.raises(ModelError, match="gardening are no use cases"):
        check_labels(manifest(*LABELS, "gardening"), shop().use_cases)


def test_a_model_that_calls_out_of_scope_otherwise_is_refused() -> None:
    with pytest.raises(ModelError, match="'oos'; a playbook's is 'out_of_scope'"):
        check_labels(manifest("oos", out_of_scope="oos"), shop().use_cases)

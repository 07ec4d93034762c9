"""The model's labels and the playbook's use cases belong together."""

import pytest
from suites.posteriors import LABELS
from suites.reference_shop import shop

from classifier.manifest import ModelError, check_labels


def test_the_reference_shops_labels_are_its_use_cases() -> None:
    check_labels(LABELS, shop().use_cases)


def test_a_label_that_is_no_use_case_is_named() -> None:
    with pytest.raises(ModelError, match="gardening are no use cases"):
        check_labels((*LABELS, "gardening"), shop().use_cases)

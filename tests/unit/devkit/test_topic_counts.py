import pytest

from bus.admin import TopicMismatch, check_counts


def test_missing_and_matching_topics_pass() -> None:
    check_counts({"chat.ingress": 12, "chat.control": 1}, {"chat.ingress": 12, "other": 3})


def test_every_topic_with_another_count_is_named() -> None:
    with pytest.raises(TopicMismatch) as wrong:
        check_counts({"a": 12, "b": 12, "c": 1}, {"a": 6, "b": 12, "c": 2})
    assert "a has 6 partitions, not 12; c has 2 partitions, not 1" in str(wrong.value)

"""Which provider is called."""

import pytest
from pydantic import ValidationError

from llm.settings import Settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.delenv("TIERWISE_SIMULATOR", raising=False)


def test_without_key_and_simulator_it_says_what_to_set() -> None:
    with pytest.raises(ValidationError, match="ANTHROPIC_API_KEY, or TIERWISE_SIMULATOR"):
        Settings()


def test_a_simulator_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERWISE_SIMULATOR", "http://127.0.0.1:8090")
    assert Settings().simulated
    assert Settings().simulator == "http://127.0.0.1:8090"


def test_an_empty_key_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "")
    monkeypatch.setenv("TIERWISE_SIMULATOR", "http://127.0.0.1:8090")
    assert Settings().simulated
    assert Settings().key is None


def test_a_key_calls_the_real_provider_and_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-secret")
    monkeypatch.setenv("TIERWISE_SIMULATOR", "http://127.0.0.1:8090")
    settings = Settings()
    assert not settings.simulated
    assert settings.key == "sk-ant-secret"
    assert "secret" not in repr(settings)

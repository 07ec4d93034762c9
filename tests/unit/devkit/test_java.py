from pathlib import Path

import pytest

from devkit.errors import ENVIRONMENT, DevkitError
from devkit.settings import Settings
from devkit.stack import java


@pytest.mark.parametrize(
    ("banner", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_392"', 8),
        ('openjdk version "25" 2025-09-16', 25),
        ('openjdk version "21-ea" 2023-09-19', 21),
        ("bash: java: command not found", None),
    ],
)
def test_the_feature_release_is_read(banner: str, version: int | None) -> None:
    assert java.java_version(banner) == version


def fake_java(folder: Path, version: str) -> Path:
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)
    return program


def given(monkeypatch: pytest.MonkeyPatch, java_home: Path | None, path: Path) -> None:
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    if java_home is not None:
        monkeypatch.setenv("JAVA_HOME", str(java_home))
    monkeypatch.setattr(java, "settings", Settings)


def test_java_home_comes_before_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = fake_java(tmp_path / "chosen", "21.0.1")
    other = fake_java(tmp_path / "other", "17.0.1")
    given(monkeypatch, tmp_path / "chosen", other.parent)
    assert java.find_java() == chosen


@pytest.mark.parametrize(
    ("version", "said"), [("11.0.2", "is Java 11"), ("odd", "of unknown version")]
)
def test_an_old_java_is_refused_with_the_ways_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str, said: str
) -> None:
    fake_java(tmp_path / "old", version)
    given(monkeypatch, None, tmp_path / "old" / "bin")
    with pytest.raises(DevkitError, match=said) as refused:
        java.find_java()
    assert refused.value.exit_code == ENVIRONMENT


def test_no_java_names_the_ways_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, None, tmp_path)
    with pytest.raises(DevkitError, match="No Java was found") as refused:
        java.find_java()
    for way in ("Install a JDK 17", "JAVA_HOME", "TIERWISE_DEV_KAFKA"):
        assert way in str(refused.value)


def test_a_wrong_java_home_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, tmp_path / "nowhere", tmp_path)
    with pytest.raises(DevkitError, match="holds no bin/java"):
        java.find_java()

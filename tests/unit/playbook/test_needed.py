"""What every shop must have, and what it may leave out."""

import shutil
from pathlib import Path

import pytest

from playbook.catalogue import catalogue_of
from playbook.error import PlaybookError
from playbook.shop import load_shop

PLAYBOOK = Path(__file__).parents[3] / "playbook"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    parts = shutil.ignore_patterns("corpus", "classifier", "evaluation", "rubric", "background")
    shutil.copytree(PLAYBOOK, tmp_path / "shop", ignore=parts)
    return tmp_path / "shop"


@pytest.mark.parametrize("name", ["escalation", "out_of_scope"])
def test_the_systems_own_use_cases_are_needed(copy: Path, name: str) -> None:
    (copy / "use_cases" / f"{name}.yaml").unlink()
    with pytest.raises(PlaybookError, match=rf"{name}\.yaml.*every shop needs it; add it"):
        load_shop(copy)


def test_a_shop_may_have_no_catalogue(copy: Path) -> None:
    shutil.rmtree(copy / "catalogue")
    assert catalogue_of(copy) == ()
    assert not any(rule.titles for rule in load_shop(copy).rules)

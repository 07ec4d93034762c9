"""The shop's word on returns: read, looked up, and refused with file, field and remedy."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from suites.reference_shop import PLAYBOOK

from playbook.error import PlaybookError
from playbook.returns import read_returns
from playbook.shop import load_shop

FACTS = {"return_days": 30, "damaged_days": 14}


def test_the_reference_shops_windows_are_its_facts() -> None:
    returns = load_shop(PLAYBOOK).returns
    facts = yaml.safe_load((PLAYBOOK / "shop.yaml").read_text())["facts"]
    assert returns.any_reason_days == facts["return_days"]
    assert returns.damaged_days == facts["damaged_days"]
    assert [reason.id for reason in returns.reasons if reason.damaged] == ["damaged"]
    assert returns.reason("damaged") == returns.reasons[0]
    assert returns.reason("unheard_of") is None


def _written() -> dict[str, Any]:
    content = yaml.safe_load((PLAYBOOK / "returns.yaml").read_text())
    assert isinstance(content, dict)
    return content


def _no_such_fact(content: dict[str, Any]) -> None:
    content["windows"]["damaged"] = "torn_days"


def _no_number(content: dict[str, Any]) -> None:
    content["windows"]["any_reason"] = "free_shipping_from"


def _broken(content: dict[str, Any]) -> None:
    content["refund"]["says"] = "("


def _twice(content: dict[str, Any]) -> None:
    content["reasons"].append(content["reasons"][0])


def _none(content: dict[str, Any]) -> None:
    content["reasons"] = []


BROKEN: list[tuple[Callable[[dict[str, Any]], None], str, str]] = [
    (_no_such_fact, "windows.damaged", "torn_days"),
    (_no_number, "windows.any_reason", "whole number"),
    (_broken, "refund.says", "no regular expression"),
    (_twice, "reasons", "twice"),
    (_none, "reasons", "at least 1"),
]


@pytest.mark.parametrize(("spoil", "field", "remedy"), BROKEN)
def test_a_mistake_is_named(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None], field: str, remedy: str
) -> None:
    content, file = _written(), tmp_path / "returns.yaml"
    spoil(content)
    file.write_text(yaml.safe_dump(content))
    with pytest.raises(PlaybookError, match=re.escape(remedy)) as error:
        read_returns(file, FACTS | {"free_shipping_from": "$50"})
    assert error.value.field == field


def test_a_template_to_be_warmed_must_exist(tmp_path: Path) -> None:
    kept = shutil.ignore_patterns("corpus", "classifier", "frontends", "seed")
    copy = Path(shutil.copytree(PLAYBOOK, tmp_path / "shop", ignore=kept))
    file = copy / "use_cases" / "returns.yaml"
    content = yaml.safe_load(file.read_text()) | {"warm": ["returns_gone"]}
    file.write_text(yaml.safe_dump(content))
    with pytest.raises(PlaybookError, match=r"returns_gone\.j2"):
        load_shop(copy)

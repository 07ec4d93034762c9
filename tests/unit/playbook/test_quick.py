"""The quick first look says yes wherever a pattern is found."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.quick import quick, quick_of_any
from playbook.rule import Rules
from playbook.shop import load_shop
from playbook.slot import tidy

PLAYBOOK = Path(__file__).parents[3] / "playbook"
RULES = load_shop(PLAYBOOK).rules

PATTERNS = (
    r"\bab\b|^ba|c",
    r"^(?:a|b)*c|^d",
    r"(?:^a|b)c",
    r"(?:^a)?b",
    r"(?:^a(?:b|c))d",
    r"\bA\b|b",
    r"(?-i:A)b|ab",
    r"a(?!(?-i:B))|c",
    r"[+-_]",
    r"[Z-c]x",
    r"[^A]b",
    r"\x41|\u0042c|\103",
    r"(a|b)\1|(c)\2",
    r"(?P<one>a)b|(?P<two>c)",
    r"[]|(]a|\|b|\(c",
    r"(?s:a.b)|(?#c)d",
    r"\u017f|\u212a|\u0131|\u0130",
    "\u212a",
    r"\S\W|\Da\B",
)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=st.text("abcdABCDsSkKiIxX|([])^ _-1\n", max_size=8))
def test_the_look_never_hides_a_match(pattern: str, text: str) -> None:
    if re.search(pattern, text, re.IGNORECASE):
        assert quick(pattern).may_be_in(text, text.lower())


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=st.text("abcdABCDsSkKiIxX|([])^ _-1\n", max_size=8))
def test_one_look_for_several_hides_none_of_them(pattern: str, text: str) -> None:
    if re.search(pattern, text, re.IGNORECASE):
        for together in (["(x)y", pattern], [pattern, "z"]):
            assert quick_of_any(together).may_be_in(text, text.lower())


@pytest.mark.parametrize(
    ("pattern", "passed", "failed"),
    [
        (r"^a|\bb", "x B", "xab"),
        (r"(?-i:A)b|c", "xAB", "ab"),
        (r"(?:^ab)c", "ABC", "xabc"),
    ],
)
def test_the_look_says_no_to_most(pattern: str, passed: str, failed: str) -> None:
    assert quick(pattern).may_be_in(passed, passed.lower())
    assert not quick(pattern).may_be_in(failed, failed.lower())


def test_the_look_never_hides_a_match_of_the_shops_rules() -> None:
    for text in _corpus():
        for said in (text, text.upper()):
            small = said.lower()
            for rule in RULES:
                if rule.pattern.search(said):
                    assert rule.quick.may_be_in(said, small), (rule.id, said)


def test_rules_without_words_are_asked_after_one_look_for_all_of_them() -> None:
    free = Rules(rule for rule in RULES if not rule.needs)
    assert [rule.id for rule in free.asked("hello there", "hello there")] == [r.id for r in free]
    assert not list(free.asked("which wolf", "which wolf"))


def test_no_rule_is_asked_about_a_longer_text_than_it_reads() -> None:
    for length in (39, 41, 61, 201, 4000):
        for small in ("hello " * length)[:length], None:
            asked = list(RULES.asked("hello " * length, small))
            assert all(rule.max_characters >= len("hello " * length) for rule in asked)


def _corpus() -> list[str]:
    """One in four of the corpus' lines that are ASCII."""
    files = sorted((PLAYBOOK / "corpus").glob("*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    texts = (tidy(str(json.loads(line)["text"])) for line in lines[::4])
    return [text for text in texts if text.isascii()]

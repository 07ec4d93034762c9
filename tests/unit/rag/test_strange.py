"""What looks like a title and is none of ours."""

import pytest
from suites.library import shelf

from rag.matching.strange import strange_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('is "Zed the Bat" finished?', "Zed the Bat"),
        ("do you have the manga called order of the falcon", "order of the falcon"),
        ("who wrote Crimson Harbour Nights", "Crimson Harbour Nights"),
        ("does Order of the Holy Sword exist in your shop", "Order of the Holy Sword"),
        ("is zorgblatt any good", "zorgblatt"),
        ("and volume 13?", None),
        ("do you have it in English", None),
        ("is it available", None),
        ("does that one have a happy ending", None),
        ("I'd like the latest one, please", None),
        ("tell me about Monster", None),
    ],
)
def test_finds_it(text: str, title: str | None) -> None:
    assert strange_title(text, shelf().find(text)) == title

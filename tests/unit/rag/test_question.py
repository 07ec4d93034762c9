"""What a text asks about a book."""

import pytest
from suites.library import shelf

from rag.books.question import Field, asked_fields
from rag.matching.volume import without


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Tell me about Vinland Saga volume 12", [Field.ABOUT]),
        ("Vinland Saga 12", [Field.ABOUT]),
        ("show me Akira", [Field.ABOUT]),
        ("how many volumes does Monster have", [Field.VOLUMES]),
        ("fma how many vols", [Field.VOLUMES]),
        ("who wrote Akira", [Field.AUTHOR]),
        ("mangaka of Vagabond", [Field.AUTHOR]),
        ("which year is Akira from", [Field.YEAR]),
        ("is Berserk finished or still ongoing", [Field.STATUS]),
        ("what genre is Dorohedoro", [Field.GENRES]),
        ("is Blue Period a seinen", [Field.DEMOGRAPHIC]),
        ("How much is Berserk", [Field.PRICE]),
        ("Is One Piece 105 in stock?", [Field.STOCK]),
        ("when will Goodnight Punpun 2 be restocked", [Field.STOCK]),
        ("how violent is Chainsaw Man", [Field.VIOLENCE]),
        ("is Berserk ok for a 13 year old", [Field.AGE]),
        ("is there a hardcover of Monster", [Field.EDITION]),
        ("what's the reading order of Dorohedoro", [Field.ORDER]),
        ("does Guts die in Berserk", [Field.OTHER]),
        ("how many chapters are in volume 1 of Dr. Stone", [Field.OTHER]),
        ("info on the price of Akira", [Field.PRICE]),
        ("who wrote Akira and how much is it", [Field.AUTHOR, Field.PRICE]),
        ("graphic novel Blue Lock", [Field.ABOUT]),
    ],
)
def test_finds_the_fields(text: str, fields: list[Field]) -> None:
    assert list(asked_fields(without(text, shelf().find(text)))) == fields

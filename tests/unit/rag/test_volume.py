"""Which volume a text asks for."""

import pytest
from suites.library import shelf

from rag.matching.volume import Step, asked_step, asked_volumes


@pytest.mark.parametrize(
    ("text", "volumes"),
    [
        ("Tell me about Vinland Saga volume 12", (12,)),
        ("Vinland Saga vol. 12", (12,)),
        ("vinland saga vol12", (12,)),
        ("vinland saga v12", (12,)),
        ("Vinland Saga #12", (12,)),
        ("One Piece 105", (105,)),
        ("One Piece, 105?", (105,)),
        ("the third volume of Akira", (3,)),
        ("the 3rd volume of Akira", (3,)),
        ("volume three of Akira", (3,)),
        ("you have Berserk number 14?", (14,)),
        ("is K-On 12 available", (12,)),
        ("Mob Psycho 100 4", (4,)),
        ("Mob Psycho 100 volume 4", (4,)),
        ("I'm missing volumes 6 and 8 of Mushishi", (6, 8)),
        ("volume 1 or 2?", (1, 2)),
        ("and volume 13?", (13,)),
        ("is Mob Psycho 100 any good", ()),
        ("Is Kaiju No. 8 finished?", ()),
        ("who wrote 20th Century Boys", ()),
        ("is Berserk ok for a 13 year old", ()),
        ("is Yotsuba suitable for kids of 8", ()),
        ("Naruto for 30 euros", ()),
        ("does the Akira 35th anniversary box exist", ()),
        ("Berserk 2-in-1", ()),
    ],
)
def test_finds_the_volumes(text: str, volumes: tuple[int, ...]) -> None:
    assert asked_volumes(text, shelf().find(text)) == volumes


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("latest volume of Dandadan?", Step.LAST),
        ("has the last volume of Attack on Titan been published", Step.LAST),
        ("what about the next volume", Step.NEXT),
        ("which one comes after that", Step.NEXT),
        ("and the previous one?", Step.BEFORE),
        ("is it finished", None),
    ],
)
def test_finds_a_volume_by_its_place(text: str, step: Step | None) -> None:
    assert asked_step(text) is step

"""A kind sentence before a plain text, which stays as it is, letter by letter."""

from random import Random

from devkit.simulator.sentence import words

SITUATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "broken damaged torn bent scratched wet ripped",
        (
            "I am sorry it reached you in that state.",
            "Oh no, that is not how a book should arrive. I am sorry.",
        ),
    ),
    (
        "husband wife partner boyfriend girlfriend mother father mum mom dad friend gift present",
        (
            "It was a kind thought, and that is an easy mix-up to make.",
            "That happens in the best of families, and we can sort it out.",
        ),
    ),
    (
        "wrong mistake different mixed accident twice duplicate",
        (
            "That is an easy mix-up, and we can put it right.",
            "Thank you for telling me; we will get this put right.",
        ),
    ),
    (
        "late waiting delayed missing lost slow",
        (
            "I am sorry about the wait.",
            "I understand how tiresome the waiting is, and I am sorry.",
        ),
    ),
    (
        "angry annoyed upset terrible awful disappointed unacceptable",
        (
            "I am sorry for the trouble, and I understand that you are upset.",
            "You have every reason to be annoyed, and I am sorry.",
        ),
    ),
    (
        "thanks thank great perfect lovely",
        ("It is a pleasure to help.", "Gladly, and thank you for your kind words."),
    ),
)
OTHERWISE = (
    "Of course, I am happy to help with that.",
    "Thank you for getting in touch; let us sort this out together.",
    "No problem at all, we will take it step by step.",
)


def opening(customer: str, chance: Random) -> str:
    """A sentence that suits what the customer wrote; it states no fact."""
    said = words(customer)
    fitting = next((lines for signs, lines in SITUATIONS if said & words(signs)), OTHERWISE)
    return chance.choice(fitting)


def warmed(plain: str, customer: str, chance: Random) -> str:
    """The plain text behind a kind sentence."""
    return f"{opening(customer, chance)} {plain}".strip()

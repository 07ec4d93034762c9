"""What the demonstration says: two sessions, every use case."""

from dataclasses import dataclass

AIKO = "c-aiko"


@dataclass(frozen=True)
class Line:
    """One message. `use_case` is what it must be taken for, where the demonstration promises it."""

    text: str
    use_case: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Scene:
    """One session: a customer who is signed in, or a visitor."""

    title: str
    customer_id: str | None
    lines: tuple[Line, ...]


SCENES: tuple[Scene, ...] = (
    Scene(
        "Aiko, signed in",
        AIKO,
        (
            Line("Hi there!"),
            Line("Where is my order #ABC123", "order_tracking"),
            Line("and when does it arrive?", note="a follow-up: which order, the session knows"),
            Line("Where is my order", note="she has several: the shop asks which"),
            Line("the second one", note="the answer to that question"),
            Line("Tell me about Vinland Saga volume 12", "product_info"),
            Line("I'm looking for something like Berserk but less violent", "recommendation"),
            Line("Help me return this, my husband bought the wrong volume", "returns"),
            Line("I was charged twice for my last order"),
            Line("my statement shows the same amount two days in a row", note="no rule knows this"),
            Line("Where is order #DEF456", note="somebody else's: read as unknown"),
        ),
    ),
    Scene(
        "A visitor",
        None,
        (
            Line("How much is shipping to Canada?"),
            Line(
                "is it possible to send a book back if I don't like it", note="no rule knows this"
            ),
            Line("Where is my order #ABC123", note="nobody signed in: no order is shown"),
            Line("What's the weather in Berlin?", note="out of scope"),
            Line("I want to talk to a human"),
        ),
    ),
)

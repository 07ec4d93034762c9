"""What the demonstration says and promises: every use case, the reference case's four examples."""

from dataclasses import dataclass
from enum import Enum

from events.reply import Status
from events.tier import Tier
from playbook.use_case import Size

AIKO = "c-aiko"


@dataclass(frozen=True)
class Promise:
    """What one turn must come to.

    `way` are the tiers that it passes, `model` is the one that is called, None for none. `says` are
    words of the reply, `sources` kinds of source it names. `silent`: the reply has no words.
    """

    use_case: str
    way: tuple[Tier, ...]
    model: Size | None = None
    status: Status = Status.COMPLETED
    says: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()
    previews: bool = False
    silent: bool = False


@dataclass(frozen=True)
class Line:
    """One message, and what is promised of it."""

    text: str
    promise: Promise
    note: str = ""


class Act(Enum):
    """What happens between two messages, on the shop's side."""

    RETURN = "the return, as the database has it"
    PACKET = "the packet on the person's desk"
    RELEASE = "the person gives the conversation back"


@dataclass(frozen=True)
class Scene:
    """One session: a customer who is signed in, or a visitor."""

    title: str
    customer_id: str | None
    steps: tuple[Line | Act, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """What the customer says."""
        return tuple(step for step in self.steps if isinstance(step, Line))


def by_template(use_case: str, *says: str) -> Promise:
    """Answered by the template tier alone."""
    return Promise(use_case, (Tier.TEMPLATE,), says=says)


def by_order(*says: str, use_case: str = "order_tracking") -> Promise:
    """Answered by the order tier alone."""
    return Promise(use_case, (Tier.ORDER,), says=says)


def by_rag(*says: str, sources: frozenset[str] = frozenset({"catalogue"})) -> Promise:
    """Answered by a field of the catalogue, in a template's words."""
    return Promise("product_info", (Tier.RAG,), says=says, sources=sources)


def returning(*says: str, warm: bool = False) -> Promise:
    """A step of the returns dialogue; `warm`: its text is rewritten by the small model."""
    way = (Tier.ORDER, Tier.LLM) if warm else (Tier.ORDER,)
    return Promise("returns", way, Size.SMALL if warm else None, says=says)


COMPOSED = Promise(
    "product_info", (Tier.RAG, Tier.LLM), Size.SMALL, sources=frozenset({"catalogue"})
)
RECOMMENDED = Promise(
    "recommendation",
    (Tier.RAG, Tier.LLM),
    Size.BIG,
    sources=frozenset({"catalogue"}),
    previews=True,
)
HANDED = Promise("escalation", (Tier.TEMPLATE,), status=Status.FORWARDED, says=("person",))
SILENT = Promise("escalation", (Tier.TEMPLATE,), status=Status.FORWARDED, silent=True)
IN_STOCK = frozenset({"catalogue", "stock"})

TALK = Scene(
    "Aiko, signed in",
    AIKO,
    (
        Line("Hi there!", by_template("chitchat")),
        Line("Where is my order #ABC123", by_order("#ABC123", "UPS"), "the story's first example"),
        Line("and when does it arrive?", by_order("#ABC123"), "which order, the session knows"),
        Line("Where is my order", by_order("#ABC123", "#XYZ789"), "she has several: which one?"),
        Line("the second one", by_order("#ABC123"), "the answer to that question"),
        Line(
            "Tell me about Vinland Saga volume 12",
            by_rag("Vinland Saga", "volume 12", sources=IN_STOCK),
            "the story's second example",
        ),
        Line("and volume 13?", by_rag("Vinland Saga", "volume 13", sources=IN_STOCK), "of which?"),
        Line("Is Vinland Saga about revenge?", COMPOSED, "no field holds it: the small model"),
        Line(
            "I'm looking for something like Berserk but less violent",
            RECOMMENDED,
            "the story's third example",
        ),
        Line("I was charged twice for my last order", by_order(use_case="billing")),
        Line("Where is order #DEF456", by_order("can't find"), "somebody else's: as if unknown"),
    ),
)

RETURN = Scene(
    "Aiko in a new session: a whole return",
    AIKO,
    (
        Line(
            "Help me return this, my husband bought the wrong volume",
            returning("#NRT618", "volume 9", "volume 10", warm=True),
            "the story's fourth example",
        ),
        Line("volume 10", returning("money back", "exchange")),
        Line("An exchange, please", returning("Which volume")),
        Line("volume 11", returning("#NRT618", "volume 10", "volume 11", "Say yes")),
        Line("yes", returning("#NRT618", "volume 10", "volume 11", warm=True)),
        Act.RETURN,
    ),
)

VISIT = Scene(
    "A visitor",
    None,
    (
        Line("How much is shipping to Canada?", by_template("faq_policy", "Canada")),
        Line(
            "do you wrap presents nicely",
            by_template("faq_policy", "Gift wrapping"),
            "no rule knows it, the model does",
        ),
        Line("the first one", by_template("faq_policy", "$2.50"), "the answer to that question"),
        Line(
            "In what currency am I charged as a Canadian",
            by_template("faq_policy", "a charge, a payment or an invoice"),
            "between two use cases: a question, no dearer tier",
        ),
        Line("Where is my order #ABC123", by_order("sign in"), "nobody signed in"),
        Line("What's the weather in Berlin?", by_template("out_of_scope")),
        Line("I want to talk to a human", HANDED),
        Act.PACKET,
        Line("It is about a parcel that never came", SILENT, "a person has it: no bot speaks"),
        Act.RELEASE,
        Line("What are your opening hours?", by_template("faq_policy", "9:00"), "the bot again"),
    ),
)

HOMES = Scene(
    "Aiko again: what is asked often has a home of its own",
    AIKO,
    (
        Line("Where is my refund?", by_order(use_case="refund_status")),
        Line("Cancel my order please", by_template("order_change", "help@")),
        Line("I moved, please send my order to my new place", by_template("address_change")),
        Line("Let me know when Slam Dunk 4 is back", by_template("restock")),
        Line("I forgot my password", by_template("account_login")),
        Line("Unsubscribe me please", by_template("newsletter")),
    ),
)

SCENES: tuple[Scene, ...] = (TALK, RETURN, VISIT, HOMES)

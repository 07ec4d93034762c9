"""One example of every event, made by the code that makes the real ones."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bus.record import Record
from events.context import Context
from events.control import Control, Kind
from events.decision import Decision, Evidence
from events.envelope import sign
from events.handoff import Handoff, Step
from events.preview import Preview
from events.reply import Reply, Source, Status
from events.route import Route
from events.tier import Tier
from events.topics import INGRESS
from events.turn import Said, Turn
from events.wire import Message, encode
from worker.deadletter import letter

ASKED_S = 1_767_225_600
ASKED_MS = ASKED_S * 1000
TEXT = "Where is my order #ABC123"
EVENT_ID = b"0123456789abcdef0123456789abcdef"
TRACE = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

# The key of the worked example in docs/frontends.md.
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def said() -> Said:
    """What a frontend publishes."""
    envelope = sign(
        KEY,
        "example",
        session_id="s-1",
        turn_id="t-1",
        text=TEXT,
        issued_at=ASKED_S,
        customer_id="c-aiko",
    )
    return Said(session_id="s-1", turn_id="t-1", turn_no=1, text=TEXT, envelope=envelope)


def decision() -> Decision:
    """What the classifier decides about it."""
    return Decision(
        by=Evidence.RULE,
        use_case="order_tracking",
        tier=Tier.ORDER,
        why="the rule order_id_and_status fires",
        expected_cost_usd=0.001,
        playbook_version="0123456789ab",
        rule_id="order_id_and_status",
        slots={"order_id": "ABC123"},
    )


def turn() -> Turn:
    """The turn as the order tier receives it."""
    asked = Turn(**dict(said()), asked_at=ASKED_MS, decision=decision())
    text = "I'm sorry, I can't look that up at the moment."
    sorry = asked.reply(text, status=Status.FAILED, reason="unavailable", leaves=Context())
    return asked.routed(Route(tier=Tier.ORDER, decision=decision(), fallback=sorry))


def reply() -> Reply:
    """Its answer."""
    source = Source(kind="order", ref="ABC123", title="Order #ABC123")
    return turn().reply("Your order #ABC123 left us on 18 Nov with UPS.", sources=(source,))


def preview() -> Preview:
    """A sentence of an answer that a model still writes."""
    text = "If you liked Berserk, try Vinland Saga."
    return Preview(session_id="s-1", turn_id="t-2", epoch=1, seq=0, text=text)


def control() -> Control:
    """An operator's switch that closes a tier."""
    return Control(
        kind=Kind.SWITCH,
        subject="llm",
        by="operator",
        value=0.0,
        expires_after_s=None,
        why="the provider announced an outage",
    )


def handoff() -> Handoff:
    """A conversation given to a person."""
    return Handoff(
        session_id="s-1",
        turn_id="t-3",
        step=Step.OPENED,
        reason="asked_for_a_person",
        said="I want to talk to a human",
        asked_at=ASKED_MS,
    )


def message(event: Said | Turn | Reply | Preview | Control | Handoff) -> Message:
    """The event as it stands on a topic, with a fixed id and trace."""
    sources = {Turn: "classifier", Reply: "order", Preview: "llm", Handoff: "template"}
    made = encode(event, sources.get(type(event), "llm"))
    headers = made.headers | {"ce_id": EVENT_ID}
    if type(event) is Said:
        headers |= {"ce_source": b"/my-frontend"}
    if not isinstance(event, Control):
        headers |= {"traceparent": TRACE}
    return Message(made.key, made.value, headers)


def dead_letter() -> Message:
    """What becomes of a record that is no JSON."""
    sent = message(said())
    record = Record(INGRESS, 7, 42, ASKED_MS, sent.key, b"{not json", sent.headers)
    detail = "body: Invalid JSON: key must be a string at line 1 column 2"
    return letter(record, service="classifier", reason="invalid_json", detail=detail)

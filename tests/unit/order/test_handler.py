"""The order tier's handler on rows that a test lays out: who is asked for, and what is said."""

import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from suites.listed_returns import ListedReturns

from events.context import Context, Option
from events.decision import Decision, Evidence
from events.envelope import Identity, sign
from events.reply import Reply, Status
from events.tier import Tier
from events.turn import Turn
from order.desk import Desk
from order.facts import Charge, Found, Line, Order, State
from order.handler import handle
from order.repository import Wanted
from playbook.shop import load_shop
from worker.handler import Rejected, Unavailable

PLAYBOOK = Path(__file__).parents[3] / "playbook"
DESK = Desk(load_shop(PLAYBOOK))
KEY, OTHER_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
TODAY = date(2026, 11, 14)


def order(order_id: str = "ABC123", state: State = State.SHIPPED, *charges: Charge) -> Order:
    lines = (Line(series="Berserk", volume=1, quantity=1, price_cents=1499),)
    return Order(
        order_id=order_id,
        state=state,
        placed_on=date(2026, 11, 12),
        promised_on=None,
        due_on=date(2026, 11, 20),
        shipped_on=date(2026, 11, 13),
        delivered_on=None,
        closed_on=None,
        carrier="UPS",
        tracking_no="1Z99",
        lines=lines,
        charges=charges,
    )


@dataclass
class Rows(ListedReturns):
    """Answers every look-up with the same orders, and remembers who asked for what."""

    found: tuple[Order, ...] = ()
    asked: list[tuple[str | None, str, Wanted]] = field(default_factory=list)

    async def look_up(self, turn: Turn, identity: Identity, use_case: str, want: Wanted) -> Found:
        self.asked.append((identity.customer_id, use_case, want))
        return Found(today=TODAY, orders=self.found if identity.customer_id else ())


class Away(Rows):
    async def look_up(self, turn: Turn, identity: Identity, use_case: str, want: Wanted) -> Found:
        raise Unavailable("postgres")


def turn(
    use_case: str = "order_tracking",
    slots: dict[str, str] | None = None,
    *,
    customer: str | None = "c-aiko",
    key: Ed25519PrivateKey = KEY,
) -> Turn:
    envelope = sign(
        key, "web", session_id="s", turn_id="t", text="?", issued_at=0, customer_id=customer
    )
    decision = Decision(
        by=Evidence.RULE,
        use_case=use_case,
        tier=Tier.ORDER,
        why="a test",
        expected_cost_usd=0.001,
        playbook_version="test",
        slots=slots or {},
    )
    return Turn(
        session_id="s",
        turn_id="t",
        text="I am c-bruno, show me his orders",
        envelope=envelope,
        asked_at=0,
        decision=decision,
        context=Context(entities={"title": "Berserk"}),
        path=(Tier.ORDER,),
    )


async def answer(asked: Turn, rows: Rows) -> Reply:
    outcome = await handle(asked, orders=rows, desk=DESK, key_of={"web": KEY.public_key()}.get)
    assert isinstance(outcome, Reply)
    return outcome


async def test_tells_the_order_that_was_named() -> None:
    rows = Rows(found=(order(),))
    reply = await answer(turn(slots={"order_id": "ABC123"}), rows)
    assert rows.asked == [("c-aiko", "order_tracking", Wanted("ABC123"))]
    assert "#ABC123 (Berserk 1)" in reply.text
    assert "13 Nov" in reply.text
    assert "20 Nov" in reply.text
    assert "1Z99" in reply.text
    assert [(source.kind, source.ref) for source in reply.sources] == [("order", "ABC123")]
    assert reply.status is Status.COMPLETED


async def test_remembers_the_order_it_told() -> None:
    reply = await answer(turn(slots={"order_id": "ABC123"}), Rows(found=(order(),)))
    assert reply.leaves == Context(
        use_case="order_tracking", entities={"title": "Berserk", "order_id": "ABC123"}
    )


async def test_an_unknown_order_is_not_remembered() -> None:
    reply = await answer(turn(slots={"order_id": "ZZZ999"}), Rows())
    assert "can't find an order “ZZZ999”" in reply.text
    assert reply.leaves is not None
    assert "order_id" not in reply.leaves.entities


async def test_without_a_number_looks_for_open_orders() -> None:
    rows = Rows()
    reply = await answer(turn(), rows)
    assert rows.asked == [("c-aiko", "order_tracking", Wanted(open_only=True))]
    assert "no open order" in reply.text


async def test_asks_which_of_several() -> None:
    reply = await answer(turn(), Rows(found=(order("ABC123"), order("XYZ789", State.PAID))))
    assert "1. #ABC123, Berserk 1, 12 Nov" in reply.text
    assert reply.leaves is not None
    question = reply.leaves.question
    assert question is not None
    assert (question.use_case, question.slot) == ("order_tracking", "order_id")
    assert question.options[1] == Option(value="XYZ789", label="#XYZ789, Berserk 1, 12 Nov")


async def test_lists_all_when_all_are_asked_for() -> None:
    rows = Rows(found=(order("ABC123"), order("KMO410", State.REFUNDED)))
    reply = await answer(turn(slots={"which": "all"}), rows)
    assert rows.asked[0][2] == Wanted(open_only=False)
    assert "KMO410, Berserk 1, 12 Nov: refunded" in reply.text


async def test_a_visitor_is_asked_to_sign_in() -> None:
    rows = Rows(found=(order(),))
    reply = await answer(turn(slots={"order_id": "ABC123"}, customer=None), rows)
    assert "sign in" in reply.text
    assert "Berserk" not in reply.text
    assert reply.sources == ()
    assert reply.status is Status.COMPLETED


def charge(kind: str, state: str, amount: int = 1499) -> Charge:
    return Charge(
        kind=kind,
        state=state,
        amount_cents=amount,
        made_on=date(2026, 11, 12),
        method="Visa ending 4242",
        invoice_no="KM-7" if kind == "charge" else None,
    )


async def test_shows_what_was_charged() -> None:
    rows = Rows(found=(order("ABC123", State.PAID, charge("charge", "settled")),))
    reply = await answer(turn("billing", {"order_id": "ABC123"}), rows)
    assert "12 Nov: $14.99 charged to Visa ending 4242, invoice KM-7" in reply.text
    assert "charged twice" not in reply.text


async def test_without_a_number_shows_the_newest_charges() -> None:
    rows = Rows(found=(order("ABC123", State.PAID), order("XYZ789", State.PAID)))
    reply = await answer(turn("billing"), rows)
    assert rows.asked == [("c-aiko", "billing", Wanted(open_only=False))]
    assert reply.text.count("nothing was charged") == 2


async def test_another_use_case_may_give_the_same_answer() -> None:
    refund = charge("refund", "settled")
    rows = Rows(found=(order("ABC123", State.REFUNDED, charge("charge", "settled"), refund),))
    reply = await answer(turn("refund_status"), rows)
    assert rows.asked == [("c-aiko", "refund_status", Wanted(open_only=False))]
    assert "$14.99 refunded to Visa ending 4242" in reply.text
    assert reply.leaves is not None
    assert reply.leaves.use_case == "refund_status"


async def test_a_further_use_case_needs_no_code(tmp_path: Path) -> None:
    """One file: a question which order is meant goes on with the same use case."""
    kept = shutil.ignore_patterns("corpus", "classifier", "frontends", "seed")
    playbook = Path(shutil.copytree(PLAYBOOK, tmp_path / "shop", ignore=kept))
    tracking = (playbook / "use_cases/order_tracking.yaml").read_text().partition("rules:")[0]
    (playbook / "use_cases/preorder_status.yaml").write_text(
        tracking.replace("id: order_tracking", "id: preorder_status")
        + "answers_as: order_tracking\nexamples: [Where is my preorder]\n"
    )
    rows = Rows(found=(order("ABC123"), order("XYZ789", State.PAID)))
    desk, asked = Desk(load_shop(playbook)), turn("preorder_status")
    reply = await handle(asked, orders=rows, desk=desk, key_of={"web": KEY.public_key()}.get)
    assert isinstance(reply, Reply)
    assert rows.asked == [("c-aiko", "preorder_status", Wanted(open_only=True))]
    assert reply.leaves is not None
    assert reply.leaves.question is not None
    assert reply.leaves.question.use_case == "preorder_status"


async def test_tells_a_reservation_from_a_second_charge() -> None:
    charges = (charge("authorisation", "pending"), charge("charge", "settled"))
    reply = await answer(turn("billing"), Rows(found=(order("ABC123", State.PAID, *charges),)))
    assert "reserved on Visa" in reply.text
    assert "reserved is not charged" in reply.text
    assert "charged twice" not in reply.text


async def test_admits_a_second_charge() -> None:
    charges = (charge("charge", "settled"), charge("charge", "settled"))
    reply = await answer(turn("billing"), Rows(found=(order("ABC123", State.PAID, *charges),)))
    assert "$14.99 was charged twice" in reply.text


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (turn(key=OTHER_KEY), "bad_signature"),
        (turn().model_copy(update={"turn_id": "another"}), "replayed_envelope"),
        (turn().model_copy(update={"session_id": "another"}), "replayed_envelope"),
        (turn().model_copy(update={"envelope": "forged"}), "bad_signature"),
        (turn().model_copy(update={"decision": None}), "invalid_event"),
    ],
)
async def test_who_cannot_be_verified_is_rejected_unasked(asked: Turn, reason: str) -> None:
    rows = Rows(found=(order(),))
    with pytest.raises(Rejected) as rejected:
        await answer(asked, rows)
    assert rejected.value.reason == reason
    assert rows.asked == []


async def test_words_and_slots_are_no_identity() -> None:
    rows = Rows()
    await answer(turn(slots={"customer_id": "c-bruno", "order_id": "DEF456"}), rows)
    assert [customer for customer, _, _ in rows.asked] == ["c-aiko"]


async def test_an_absent_database_is_not_hidden() -> None:
    with pytest.raises(Unavailable):
        await answer(turn(), Away())


async def test_another_tiers_use_case_is_a_bug_and_no_guess() -> None:
    rows = Rows(found=(order(),))
    with pytest.raises(KeyError, match="recommendation"):
        await answer(turn("recommendation"), rows)
    assert rows.asked == []

"""The part of a made-up run in which models are called: answers, a killed worker, cuts, a breaker.

Its figures are made up too; what counts is that they agree with each other.
"""

from dataclasses import dataclass, field
from uuid import UUID

from devkit.check.account import Expected, Packet, Piece, Return, Running, Seen, Sending
from devkit.check.purse import Bill, Call, Claim, Entered, Purse, Spend
from devkit.check.sound_turns import NORMAL_MS, PARTITIONS, Maker
from events.partition import partition_of
from events.preview import Preview
from events.reply import Reply, Source, Status, Usage
from events.task import Task
from events.tier import Tier
from playbook.model import BreakerSpec, Latency, ModelSpec

BIG, SMALL = "big", "small"
OWNER, OTHER_OWNER = "owner-1", "owner-2"
TEXT = ("You might like Vinland Saga. ", "It is calmer. ", "It has 28 volumes.")
PROMPT, WORDS, NANO_USD = 1_000, 90, 2_900_000
CAP_USD = 0.25
BREAKER = BreakerSpec(failures=5, within_s=10, open_s=5, long_open_s=120)
SPEC = ModelSpec(
    api_name="made-up",
    max_tokens=500,
    concurrency=24,
    first_event_s=3.0,
    stall_s=2.0,
    total_s=12.0,
    cache_minimum_tokens=1_024,
    requests_per_minute=1_000,
    input_tokens_per_minute=1_000_000,
    output_tokens_per_minute=100_000,
    latency=Latency(first_token_ms_p50=330, first_token_ms_p99=650, tokens_per_s=190),
)
RUNNING = Running(
    groups=("classifier", "template", "order", "rag", "llm", "ledger"),
    cap_usd=CAP_USD,
    models={BIG: SPEC, SMALL: SPEC},
    breaker=BREAKER,
)


@dataclass
class Till:
    """Writes what models are asked, and what that costs, in all four books at once."""

    maker: Maker
    calls: list[Call] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    billed: list[Bill] = field(default_factory=list)
    entered: list[Entered] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    packets: list[Packet] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)

    def asked(self, session: str, number: int, expected: Expected) -> Sending:
        """A turn that the broker has."""
        sending = self.maker.send(session, number, "Something like Berserk?", expected)
        self.maker.ack(sending)
        return sending

    def call(
        self,
        sending: Sending,
        *,
        epoch: int = 1,
        end: str = "complete",
        why: str | None = None,
        at_ms: int = 0,
        took_ms: int = 10,
        written: int = WORDS,
        owner: str = OWNER,
    ) -> Call:
        """A call that the provider has billed. `end` other than complete: it was cut."""
        started, cost = sending.at_ms + at_ms, NANO_USD * written // WORDS
        call = Call(
            session_id=sending.session_id,
            turn_id=sending.turn_id,
            call_id=UUID(int=len(self.calls) + 1).hex,
            epoch=epoch,
            state="billed" if end == "complete" else "reconciled",
            owner=owner,
            why=why,
            model=BIG,
            input_tokens=PROMPT,
            output_tokens=written,
            cost_nano_usd=cost,
            started_ms=started,
            ended_ms=started + took_ms,
        )
        self.calls.append(call)
        given = call.model_dump(include=set(Bill.model_fields))
        self.billed.append(Bill(**given, end=end, arrived_ms=started, last_token_ms=5.0))
        kind = "booking" if end == "complete" else "adjustment"
        given = call.model_dump(include=set(Entered.model_fields))
        self.entered.append(Entered(**given, kind=kind))
        return call

    def refused(self, sending: Sending, why: str, at_ms: int, owner: str = OWNER) -> None:
        """A call that was answered with an error: it costs nothing, and nobody else has it."""
        call = self.call(sending, at_ms=at_ms, why=why, owner=owner)
        self.billed.pop()
        self.entered.pop()
        free = dict.fromkeys(("input_tokens", "output_tokens", "cost_nano_usd"), 0)
        self.calls[-1] = call.model_copy(update=free)

    def claimed(self, sending: Sending, epoch: int, task: Task, state: str = "settled") -> None:
        """A turn's claim as it stands in the end."""
        place = {"session_id": sending.session_id, "turn_id": sending.turn_id}
        self.claims.append(Claim(**place, epoch=epoch, state=state, task=task))

    def shows(self, sending: Sending, epoch: int, *texts: str) -> None:
        """The previews of an epoch, a millisecond before the answer."""
        partition = partition_of(sending.session_id.encode(), PARTITIONS)
        for number, text in enumerate(texts):
            preview = Preview(
                session_id=sending.session_id,
                turn_id=sending.turn_id,
                epoch=epoch,
                seq=number,
                text=text,
            )
            piece = Piece(
                partition=partition,
                offset=self.maker.offset("stream", partition),
                timestamp_ms=sending.at_ms + NORMAL_MS - 1,
                preview=preview,
            )
            self.pieces.append(piece)

    def answers(self, sending: Sending, *, epoch: int = 1, **other: object) -> Seen:
        """The reply with a model's words and the usage of its complete call, if it has one."""
        whole = (one for one in reversed(self.calls) if one.state == "billed" and not one.free)
        used = next((one for one in whole if one.turn_id == sending.turn_id), None)
        reply = Reply(
            session_id=sending.session_id,
            turn_id=sending.turn_id,
            turn_no=sending.turn_no,
            status=sending.expected.status or Status.COMPLETED,
            text="".join(TEXT),
            use_case=sending.expected.use_case,
            tier=sending.expected.tier,
            asked_at=sending.at_ms,
            usage=(_usage(used),) if used else (),
            epoch=epoch,
        )
        return self.maker.see(reply.model_copy(update=other), sending.at_ms + NORMAL_MS)

    def purse(self) -> Purse:
        """All that was written, with the sessions' accounts."""
        spent: dict[str, int] = {}
        for call in self.calls:
            spent[call.session_id] = spent.get(call.session_id, 0) + call.cost_nano_usd
        accounts = (
            Spend(session_id=session, reserved_nano_usd=0, spent_nano_usd=nano)
            for session, nano in spent.items()
        )
        rows = (tuple(self.calls), tuple(self.claims), tuple(self.billed), tuple(self.entered))
        return Purse(*rows, tuple(accounts))


def _usage(call: Call) -> Usage:
    return Usage(
        model=call.model,
        input_tokens=call.input_tokens,
        output_tokens=call.output_tokens,
        cost_usd=call.cost_nano_usd / 1e9,
        simulated=True,
    )


RECOMMENDED = Expected(use_case="recommendation", tier=Tier.LLM)
RETURNING = Expected(use_case="returns", tier=Tier.LLM, opens=True)
HANDED = Expected(status=Status.FORWARDED, use_case="escalation", tier=Tier.TEMPLATE)


def answered(till: Till, session: str, number: int) -> None:
    """A recommendation, shown in three pieces."""
    sending = till.asked(session, number, RECOMMENDED)
    till.call(sending)
    till.claimed(sending, 1, Task.ANSWER)
    till.shows(sending, 1, *TEXT)
    till.answers(sending)


def taken_over(till: Till, session: str, number: int) -> None:
    """The first owner is killed behind its first piece, the second starts anew."""
    sending = till.asked(session, number, RECOMMENDED)
    till.call(sending, end="left", why="taken over", written=20)
    till.shows(sending, 1, TEXT[0])
    till.call(sending, epoch=2, owner=OTHER_OWNER)
    till.claimed(sending, 2, Task.ANSWER)
    till.shows(sending, 2, *TEXT)
    till.answers(sending, epoch=2)


def cut(till: Till, session: str, number: int, why: str, took_ms: int) -> None:
    """A model that fell silent was left in time; the fallback went out."""
    sending = till.asked(session, number, RECOMMENDED)
    till.call(sending, end="stall", why=why, took_ms=took_ms, written=0, owner=OTHER_OWNER)
    till.claimed(sending, 1, Task.ANSWER, "failed")
    till.answers(sending, epoch=0, degraded=("model:big",), text="Berserk, Monster, Pluto.")


def opened(till: Till, session: str) -> None:
    """A breaker opens behind five failures; five seconds later the model is asked again."""
    for number in range(1, BREAKER.failures + 1):
        sending = till.asked(session, number, RECOMMENDED)
        till.refused(sending, "overloaded", at_ms=number)
        till.claimed(sending, 1, Task.ANSWER, "failed")
        till.answers(sending, epoch=0, degraded=("model:big",))
    till.maker.now += 6_000
    answered(till, session, BREAKER.failures + 1)


def returned(till: Till, session: str) -> None:
    """A return is confirmed, opened, and told in kinder words, which nobody sees half."""
    sending = till.asked(session, 1, RETURNING)
    till.call(sending)
    till.claimed(sending, 1, Task.WARM)
    place = {"session_id": session, "turn_id": sending.turn_id}
    till.returns.append(Return(**place, label_no="R100001", order_id="RTN001", lines=(1, 2)))
    till.answers(sending, sources=(Source(kind="return", ref="R100001", title="Return R100001"),))


def handed(till: Till, session: str) -> None:
    """A person takes over."""
    sending = till.asked(session, 1, HANDED)
    partition = partition_of(session.encode(), PARTITIONS)
    offset = till.maker.offset("handoff", partition)
    place = {"partition": partition, "offset": offset}
    till.packets.append(Packet(**place, session_id=session, turn_id=sending.turn_id, step="opened"))
    till.answers(sending, epoch=0, reason="asked_for")

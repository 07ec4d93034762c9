"""What an error that is put into a run's papers is, and where in them it can be put."""

from collections.abc import Callable
from dataclasses import dataclass

from devkit.check.account import Seen
from devkit.check.papers import Papers
from devkit.check.turns import key_of, shown, turns_of
from events.reply import Reply, Status

Change = Callable[[Papers], Papers]


class NothingToPlant(LookupError):
    """The run holds nothing that this error could be made of, such as no turn of the order tier."""


@dataclass(frozen=True)
class Plant:
    """An error: what it is, which book must find it, how it is put into the papers."""

    name: str
    book: str
    change: Change


def first(papers: Papers, wanted: Callable[[Reply], bool] = lambda reply: True) -> Seen:
    """The first accepted completed reply of a turn that was acked and expected to complete."""
    turns = turns_of(papers.history)
    accepted = {key_of(reply): reply for reply in shown(papers.egress)}
    for seen in papers.egress:
        reply = seen.reply
        if reply and reply.status is Status.COMPLETED and accepted[key_of(reply)] == reply:
            turn = turns.get(key_of(reply))
            if turn and turn.acks and wanted(reply):
                return seen
    raise NothingToPlant("no reply of this kind in the run")


def without(papers: Papers, reply: Reply) -> tuple[Seen, ...]:
    """`chat.egress` without the replies to one turn."""
    key = key_of(reply)
    return tuple(seen for seen in papers.egress if not seen.reply or key_of(seen.reply) != key)


def changed(papers: Papers, seen: Seen, **fields: object) -> Papers:
    """Every copy of one turn's reply with other fields."""
    assert seen.reply
    key, other = key_of(seen.reply), seen.reply.model_copy(update=fields)
    return papers.with_egress(
        *(
            one.model_copy(update={"reply": other})
            if one.reply and key_of(one.reply) == key
            else one
            for one in papers.egress
        )
    )


def reply_of(papers: Papers, wanted: Callable[[Reply], bool] = lambda reply: True) -> Reply:
    """The reply that `first` finds."""
    reply = first(papers, wanted).reply
    assert reply
    return reply

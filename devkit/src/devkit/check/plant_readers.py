"""Errors in what readers, customers and persons get: previews, returns, hand-offs."""

from dataclasses import replace

from devkit.check.account import Piece, Return
from devkit.check.papers import Papers
from devkit.check.planting import NothingToPlant, Plant, changed, first
from devkit.check.turns import key_of
from events.reply import Reply, Source, Status
from events.task import Task


def _reply(reply: Reply | None) -> Reply:
    assert reply
    return reply


def _of_answer(papers: Papers) -> tuple[Piece, ...]:
    """The pieces of an answer that was told as it was shown."""
    tasks = {(claim.session_id, claim.turn_id): claim.task for claim in papers.purse.claims}
    told = first(
        papers,
        lambda reply: (
            reply.epoch > 0
            and tasks.get(key_of(reply)) != Task.WARM
            and "preview" not in reply.degraded
        ),
    ).reply
    key, epoch = key_of(_reply(told)), _reply(told).epoch
    return tuple(
        piece
        for piece in papers.previews
        if piece.preview
        and (piece.preview.session_id, piece.preview.turn_id) == key
        and piece.preview.epoch == epoch
    )


def _no_first_piece(papers: Papers) -> Papers:
    gone = _of_answer(papers)[0]
    return replace(papers, previews=tuple(one for one in papers.previews if one is not gone))


def _other_piece(papers: Papers) -> Papers:
    piece = _of_answer(papers)[-1]
    assert piece.preview
    preview = piece.preview.model_copy(update={"text": "It is free today."})
    lie = piece.model_copy(update={"preview": preview})
    return replace(papers, previews=tuple(lie if one is piece else one for one in papers.previews))


def _higher_epoch(papers: Papers) -> Papers:
    """A later owner's piece was shown last, and the answer is another's."""
    piece = _of_answer(papers)[-1]
    assert piece.preview
    other = {"epoch": piece.preview.epoch + 1, "seq": 0, "text": "Something else. "}
    late = piece.model_copy(
        update={"preview": piece.preview.model_copy(update=other), "offset": piece.offset + 1}
    )
    return replace(papers, previews=(*papers.previews, late))


def _no_preview(papers: Papers) -> Papers:
    broken = Piece(partition=0, offset=0, timestamp_ms=0, broken="invalid_json: not a preview")
    return replace(papers, previews=(*papers.previews, broken))


def _return(papers: Papers) -> Return:
    if not papers.returns:
        raise NothingToPlant("no return in the run")
    return papers.returns[0]


def _no_return(papers: Papers) -> Papers:
    one = _return(papers)
    return replace(papers, returns=tuple(other for other in papers.returns if other is not one))


def _two_returns(papers: Papers) -> Papers:
    again = _return(papers).model_copy(update={"label_no": "R999999"})
    return replace(papers, returns=(*papers.returns, again))


def _unasked_return(papers: Papers) -> Papers:
    key = key_of(_reply(first(papers).reply))
    session, turn = key
    stray = Return(
        session_id=session, turn_id=turn, label_no="R999999", order_id="ZZZ999", lines=(1,)
    )
    return replace(papers, returns=(*papers.returns, stray))


def _made_up_return(papers: Papers) -> Papers:
    invented = Source(kind="return", ref="R000000", title="Return R000000")
    return changed(papers, first(papers), sources=(invented,))


def _no_packet(papers: Papers) -> Papers:
    if not papers.packets:
        raise NothingToPlant("nobody was forwarded")
    forwarded = {
        key_of(seen.reply)
        for seen in papers.egress
        if seen.reply and seen.reply.status is Status.FORWARDED
    }
    key = min(forwarded)
    kept = tuple(p for p in papers.packets if (p.session_id, p.turn_id) != key)
    return replace(papers, packets=kept)


def _stray_packet(papers: Papers) -> Papers:
    if not papers.packets:
        raise NothingToPlant("nobody was forwarded")
    stray = papers.packets[0].model_copy(update={"turn_id": "never-sent"})
    return replace(papers, packets=(*papers.packets, stray))


READERS: tuple[Plant, ...] = (
    Plant("an answer whose first piece is missing", "previews", _no_first_piece),
    Plant("a piece that is not the answer's", "previews", _other_piece),
    Plant("pieces of a later owner before an earlier one's answer", "previews", _higher_epoch),
    Plant("a record that is no preview", "previews", _no_preview),
    Plant("a confirmed return that is missing", "returns", _no_return),
    Plant("a line returned twice", "returns", _two_returns),
    Plant("a return that nobody asked for", "returns", _unasked_return),
    Plant("a reply about a return that is not there", "returns", _made_up_return),
    Plant("a forwarded turn without a packet", "handoffs", _no_packet),
    Plant("a packet of no turn", "handoffs", _stray_packet),
)

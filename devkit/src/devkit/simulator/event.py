"""The server-sent events of a streamed answer."""

import json
import re
from collections.abc import Iterator
from typing import Any

from devkit.simulator.job import Job
from devkit.simulator.refusal import OVERLOADED

PIECE_CHARACTERS = 14
"""A piece of a stream holds some four tokens, as the provider's do."""


def event(kind: str, **fields: Any) -> bytes:
    """One event; its type stands in its data as well."""
    return f"event: {kind}\ndata: {json.dumps({'type': kind} | fields)}\n\n".encode()


def message(job: Job, content: list[dict[str, str]], output_tokens: int) -> dict[str, Any]:
    """The message object, not ended yet."""
    return {
        "id": job.arrival.request_id.replace("req_", "msg_"),
        "type": "message",
        "role": "assistant",
        "model": job.model.spec.api_name,
        "content": content,
        "stop_reason": None,
        "stop_sequence": None,
        "usage": job.usage(output_tokens),
    }


def ending(job: Job) -> dict[str, str | None]:
    """Why the message ended."""
    return {"stop_reason": job.answer.reason, "stop_sequence": job.answer.sequence}


def opening_events(job: Job) -> bytes:
    """Before the first piece of text."""
    block = {"type": "text", "text": ""}
    return (
        event("message_start", message=message(job, [], 1))
        + event("content_block_start", index=0, content_block=block)
        + event("ping")
    )


def text_event(piece: str) -> bytes:
    """One piece of text."""
    return event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})


def closing_events(job: Job, output_tokens: int) -> bytes:
    """After the last piece of text."""
    return (
        event("content_block_stop", index=0)
        + event("message_delta", delta=ending(job), usage=job.usage(output_tokens))
        + event("message_stop")
    )


def error_event() -> bytes:
    """An error in the middle of a stream."""
    return event("error", error=OVERLOADED)


def pieces(text: str) -> Iterator[str]:
    """The text as it is streamed: a few words a piece, the white space before its words."""
    piece = ""
    for word in re.findall(r"\s*\S+|\s+$", text):
        piece += word
        if len(piece) >= PIECE_CHARACTERS:
            yield piece
            piece = ""
    if piece:
        yield piece

"""Answers one admitted call over its connection, at the model's pace, with its fault."""

import json

from starlette.types import Receive, Scope, Send

from devkit.simulator.bill import Bill
from devkit.simulator.book import End
from devkit.simulator.event import (
    closing_events,
    ending,
    error_event,
    message,
    opening_events,
    pieces,
    text_event,
)
from devkit.simulator.fault import Kind
from devkit.simulator.job import Job
from devkit.simulator.line import Left, Line
from devkit.simulator.provider import Provider
from devkit.simulator.tokens import tokens_of

SSE = "text/event-stream; charset=utf-8"


class Answer:
    """The response to a call, as an ASGI application."""

    def __init__(self, job: Job, provider: Provider) -> None:
        self._job = job
        self._provider = provider

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write it; a client that goes away ends it."""
        bill, end = Bill(self._job, self._provider), End.LEFT
        async with Line(scope, receive, send) as line:
            try:
                end = await self._write(line, bill)
            except Left:
                end = End.LEFT
            finally:
                bill.close(end)

    async def _write(self, line: Line, bill: Bill) -> End:
        if self._fails_by(Kind.HANG_BEFORE_FIRST):
            await line.hang()
            return End.HANG
        streamed = self._job.ask.stream
        await line.until(self._moment(1 if streamed else self._tokens))
        bill.begin()
        return await (self._stream if streamed else self._whole)(line, bill)

    async def _stream(self, line: Line, bill: Bill) -> End:
        await line.begin(200, self._headers(SSE))
        await line.write(opening_events(self._job))
        sent = ""
        for number, piece in enumerate(pieces(self._job.answer.text)):
            if self._strikes(number):
                return await self._break(line)
            sent += piece
            await line.until(self._moment(tokens_of(sent)))
            await line.write(text_event(piece))
            bill.add(piece)
        if self._strikes(None):
            return await self._break(line)
        await line.write(closing_events(self._job, bill.output_tokens))
        await line.end()
        return End.COMPLETE

    async def _whole(self, line: Line, bill: Bill) -> End:
        bill.add(self._job.answer.text)
        content = [{"type": "text", "text": self._job.answer.text}]
        whole = message(self._job, content, bill.output_tokens) | ending(self._job)
        body = json.dumps(whole).encode()
        await line.begin(200, self._headers("application/json"))
        if self._strikes(None):
            await line.write(body[: len(body) // 2])
            return await self._break(line)
        await line.write(body)
        await line.end()
        return End.COMPLETE

    def _moment(self, tokens: int) -> float:
        """When so many tokens are written, by the loop's clock."""
        job = self._job
        return job.arrival.at + job.first_token_s + (tokens - 1) * job.token_s

    @property
    def _tokens(self) -> int:
        return max(1, tokens_of(self._job.answer.text))

    def _headers(self, content_type: str) -> dict[str, str]:
        return {
            "content-type": content_type,
            "request-id": self._job.arrival.request_id,
            **self._provider.quotas[self._job.model.name].headers(),
        }

    def _fails_by(self, *kinds: Kind) -> bool:
        return self._job.fault is not None and self._job.fault.kind in kinds

    def _strikes(self, number: int | None) -> bool:
        """Whether the answer breaks before this piece; None stands for its end."""
        fault = self._job.fault
        return self._fails_by(*BREAKS) and fault is not None and number in (None, fault.after)

    async def _break(self, line: Line) -> End:
        fault = self._job.fault
        assert fault is not None
        match fault.kind:
            case Kind.STALL:
                await line.hang()
            case Kind.RESET:
                line.reset()
                await line.hang()
            case Kind.BROKEN_OFF:
                line.close()
                await line.hang()
            case Kind.ERROR_EVENT if self._job.ask.stream:
                await line.write(error_event())
                await line.end()
            case _:
                await line.end()
        return BREAKS[fault.kind]


BREAKS = {
    Kind.STALL: End.STALL,
    Kind.RESET: End.RESET,
    Kind.BROKEN_OFF: End.BROKEN_OFF,
    Kind.EARLY_EOF: End.EARLY_EOF,
    Kind.ERROR_EVENT: End.ERROR_EVENT,
}
"""How the faults that strike in the middle of an answer stand in the book."""

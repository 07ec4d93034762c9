"""What one call is billed while it is written."""

import asyncio

from devkit.simulator.book import End, Entry, billed
from devkit.simulator.job import Job
from devkit.simulator.provider import Provider
from devkit.simulator.sentence import first_end
from devkit.simulator.tokens import tokens_of


class Bill:
    """Opened when a call is let in: from then on its input is billed, then what is written.

    The open bill stands in the book at once, so that a killed simulator still knows of it.
    """

    def __init__(self, job: Job, provider: Provider) -> None:
        self._job = job
        self._provider = provider
        self._text = ""
        self._first_sentence = first_end(job.answer.text)
        self._first_token_ms: float | None = None
        self._first_sentence_ms: float | None = None
        self._last_token_ms: float | None = None
        self._write(End.OPEN)

    @property
    def output_tokens(self) -> int:
        """Of the text so far. An answer that has begun is billed one token at least."""
        return max(tokens_of(self._text), 0 if self._first_token_ms is None else 1)

    def begin(self) -> None:
        """The answer begins: its prefix is cached from now on."""
        self._first_token_ms = self._elapsed_ms()
        self._provider.cache.keep(self._job.counted, self._job.model)

    def add(self, piece: str) -> None:
        """A piece was written."""
        self._text += piece
        self._last_token_ms = self._elapsed_ms()
        if self._first_sentence_ms is None and len(self._text) >= self._first_sentence:
            self._first_sentence_ms = self._last_token_ms

    def close(self, end: End) -> None:
        """The answer ended so."""
        self._provider.quotas[self._job.model.name].written(self.output_tokens)
        self._write(end)

    def _elapsed_ms(self) -> float:
        return (asyncio.get_running_loop().time() - self._job.arrival.at) * 1000

    def _write(self, end: End) -> None:
        job = self._job
        self._provider.book.write(
            Entry(
                request_id=job.arrival.request_id,
                call=job.call,
                model=job.model.name,
                task=job.task,
                profile=job.profile,
                **billed(job.model, job.counted, self.output_tokens),
                end=end,
                labels=job.labels,
                arrived_ms=job.arrival.at_ms,
                first_token_ms=self._first_token_ms,
                first_sentence_ms=self._first_sentence_ms,
                last_token_ms=self._last_token_ms,
            )
        )

"""Follows a stream's events: why it stopped, what it cost, whether it is whole."""

from anthropic.types import MessageDeltaUsage, RawMessageStreamEvent, Usage

from llm.money.tokens import Tokens


class Reading:
    """What has been read of one answer. The SDK does not check types: a field may be None."""

    def __init__(self) -> None:
        self.tokens = Tokens()
        self.stop_reason: str | None = None
        self._stopped = False

    @property
    def whole(self) -> bool:
        """Whether the last event came, and said why before."""
        return self._stopped and self.stop_reason is not None

    def read(self, event: RawMessageStreamEvent) -> None:
        """Take in one event. Later counts replace earlier ones: they are running totals."""
        match event.type:
            case "message_start":
                self._count(event.message.usage)
            case "message_delta":
                self._count(event.usage)
                self.stop_reason = event.delta.stop_reason or self.stop_reason
            case "message_stop":
                self._stopped = True

    def _count(self, usage: Usage | MessageDeltaUsage) -> None:
        had = self.tokens
        self.tokens = Tokens(
            _newer(usage.input_tokens, had.input),
            _newer(usage.output_tokens, had.output),
            _newer(usage.cache_read_input_tokens, had.cached),
            _newer(usage.cache_creation_input_tokens, had.cache_write),
        )


def _newer(told: int | None, had: int) -> int:
    return had if told is None else told

"""The reader's rule: what a reader of `chat.egress` and `chat.stream` shows, and what it drops.

Delivery is at least once, so a reader may see a reply twice, or a preview of an owner that was
replaced. The rule makes of that exactly one answer a turn:

1. The first reply of a turn, in partition order, is final and carries the full text.
2. Before it, previews may be shown; a higher epoch clears what a lower one showed.
3. After it, everything else of that turn is dropped.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

from events.preview import Preview
from events.reply import Reply


@dataclass
class _Shown:
    epoch: int = 0
    sentences: list[str] = field(default_factory=list)
    final: bool = False


class Reader:
    """Applies the rule to a stream of events. Remembers the newest `limit` turns."""

    def __init__(self, limit: int = 100_000) -> None:
        self._turns: OrderedDict[tuple[str, str], _Shown] = OrderedDict()
        self._limit = limit

    def _turn(self, event: Reply | Preview) -> _Shown:
        key = (event.session_id, event.turn_id)
        turn = self._turns.setdefault(key, _Shown())
        self._turns.move_to_end(key)
        if len(self._turns) > self._limit:
            self._turns.popitem(last=False)
        return turn

    def reply(self, reply: Reply) -> bool:
        """Whether to show this reply: true for the first of its turn only."""
        turn = self._turn(reply)
        first = not turn.final
        turn.final = True
        return first

    def preview(self, preview: Preview) -> list[str] | None:
        """The sentences to show now, or None when the preview is to be dropped."""
        turn = self._turn(preview)
        if turn.final or preview.epoch < turn.epoch:
            return None
        if preview.epoch > turn.epoch:
            turn.epoch, turn.sentences = preview.epoch, []
        if preview.seq != len(turn.sentences):
            return None
        turn.sentences.append(preview.text)
        return list(turn.sentences)

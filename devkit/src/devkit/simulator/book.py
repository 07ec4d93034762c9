"""The book of what was billed: one entry per call, appended to a file that outlives the process."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TypedDict

from pydantic import BaseModel, ConfigDict, ValidationError, computed_field

from devkit.simulator.cache import Counted
from devkit.simulator.model import Model
from devkit.simulator.profile import Label


class End(StrEnum):
    """How an answer ended. OPEN while it is written, LEFT when the client went away, KILLED when
    the simulator was; the others are the faults that cut it."""

    OPEN = "open"
    COMPLETE = "complete"
    LEFT = "left"
    KILLED = "killed"
    HANG = "hang_before_first"
    STALL = "stall"
    RESET = "reset"
    BROKEN_OFF = "broken_off"
    EARLY_EOF = "early_eof"
    ERROR_EVENT = "error_event"


class Entry(BaseModel):
    """One billed call. Tokens and prices as the ledger names them; milliseconds from arrival.

    `call` is the caller's header `x-tierwise-call`. `arrived_ms` counts from 1970. A call that was
    cut is billed its input and the output written so far.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    request_id: str
    call: str | None
    model: str
    task: str
    profile: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cache_write_tokens: int
    cost_usd: float
    end: End = End.OPEN
    labels: tuple[Label, ...] = ()
    arrived_ms: float
    first_token_ms: float | None = None
    first_sentence_ms: float | None = None
    last_token_ms: float | None = None

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def complete(self) -> bool:
        """Whether the client was sent all of it."""
        return self.end is End.COMPLETE


class Book:
    """Entries by request, in order of arrival. With a `file`, every change is appended to it."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._entries: dict[str, Entry] = {}
        if file is not None and file.exists():
            self._entries = {entry.request_id: _settled(entry) for entry in _read(file)}
            self._rewrite(file)

    def write(self, entry: Entry) -> None:
        """Add it, or replace the same request's."""
        self._entries[entry.request_id] = entry
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as out:
                out.write(entry.model_dump_json() + "\n")

    def entries(self, since_ms: float = 0.0) -> list[Entry]:
        """Those that arrived at `since_ms` or later."""
        return [entry for entry in self._entries.values() if entry.arrived_ms >= since_ms]

    def clear(self) -> None:
        """Begin a new book."""
        self._entries.clear()
        if self._file is not None:
            self._file.write_text("")

    def _rewrite(self, file: Path) -> None:
        """One line an entry, and no line that is half written."""
        scratch = file.with_suffix(".new")
        scratch.write_text("".join(f"{one.model_dump_json()}\n" for one in self.entries()))
        scratch.replace(file)


def _settled(entry: Entry) -> Entry:
    """What was open when the process was killed stays as it was billed then."""
    return entry.model_copy(update={"end": End.KILLED}) if entry.end is End.OPEN else entry


def _read(file: Path) -> Iterable[Entry]:
    lines = file.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        try:
            yield Entry.model_validate_json(line)
        except ValidationError:
            # The process was killed while it wrote its last line; anything else is a broken book.
            if number < len(lines):
                raise


class Billed(TypedDict):
    """The four kinds of tokens and what they cost together."""

    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cache_write_tokens: int
    cost_usd: float


def billed(model: Model, counted: Counted, output_tokens: int) -> Billed:
    """What a call costs by the playbook's prices, which have three digits per million tokens."""
    cost = model.price.cost_usd(counted.plain, output_tokens, counted.read, counted.written)
    return Billed(
        input_tokens=counted.plain,
        output_tokens=output_tokens,
        cached_tokens=counted.read,
        cache_write_tokens=counted.written,
        cost_usd=round(cost, 9),
    )

"""What `--history` may be, and what the `history` of a row may be."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from devkit.errors import DevkitError, environment_error
from devkit.written_json import JsonError, parsed
from events.context import Context, Exchange

CUSTOMER = frozenset({"user", "customer"})
SHOP = frozenset({"assistant", "bot"})
FORMS = (
    'Give a JSON list, oldest first, whose entries are strings (the customer\'s words), {"said": '
    '…, "replied": …} or {"role": "customer" or "bot", "text": …}; or a whole context as a turn '
    'row keeps it, like {"use_case": "order_tracking", "entities": {"order_id": "ABC123"}}.'
)

History = tuple[Exchange, ...] | Context
Side = tuple[bool, str]
"""Whether the customer speaks, and the words."""


def read_history(given: str) -> object:
    """The JSON of `--history`, or of the file behind an `@`. Raises DevkitError."""
    if not given.startswith("@"):
        return _json(given, "--history")
    file = Path(given[1:])
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise environment_error(f"--history: {file} cannot be read ({error}).") from error
    return _json(text, f"--history: {file}")


def parse_history(raw: object) -> History:
    """Exchanges, oldest first, or the context itself. Raises DevkitError saying what to do.

    Either side of an exchange may be empty: words that nobody answered, a reply to nobody.
    """
    if raw is None:
        return ()
    if isinstance(raw, Context):
        return raw
    if isinstance(raw, Mapping):
        return _context(raw)
    if isinstance(raw, Sequence) and not isinstance(raw, str | bytes):
        return _exchanges(side for at, entry in enumerate(raw, 1) for side in _sides(entry, at))
    raise _wrong(f"it is {_kind(raw)}.")


def context_of(raw: object) -> Context:
    """The words of a history alone, as a session keeps them. Raises DevkitError."""
    told = parse_history(raw)
    if isinstance(told, Context):
        return told
    context = Context()
    for one in told:
        context = context.remembering(one.said, one.replied)
    return context


def _json(text: str, where: str) -> object:
    try:
        return parsed(text)
    except JsonError as error:
        raise environment_error(f"{where} is {error}. {FORMS}") from error


def _context(raw: Mapping[str, object]) -> Context:
    if not raw.keys() <= Context.model_fields.keys() or not raw:
        unknown = ", ".join(sorted(raw.keys() - Context.model_fields.keys())) or "nothing"
        raise _wrong(f"the object has {unknown}, which is no part of a context.")
    try:
        return Context.model_validate(dict(raw))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _wrong(f"{place} of the context: {first['msg']}.") from error


def _sides(entry: object, at: int) -> list[Side]:
    """What an entry says, side by side. Raises DevkitError naming the entry."""
    if isinstance(entry, str):
        return [(True, entry.strip())]
    if isinstance(entry, Exchange):
        return [(True, entry.said), (False, entry.replied)]
    if not isinstance(entry, Mapping):
        raise _wrong(f"entry {at} is {_kind(entry)}.")
    if "role" in entry:
        return [_message(entry, at)]
    if entry.keys() & {"said", "replied"} and entry.keys() <= {"said", "replied"}:
        said, replied = (_words(entry.get(key), at, key) for key in ("said", "replied"))
        return [(True, said), (False, replied)]
    raise _wrong(f"entry {at} has {', '.join(map(str, entry)) or 'nothing'}.")


def _message(entry: Mapping[str, object], at: int) -> Side:
    role = str(entry["role"]).lower()
    if role not in CUSTOMER | SHOP:
        known = ", ".join(sorted(CUSTOMER | SHOP))
        raise _wrong(f"entry {at} has the role {role!r}; known are {known}.")
    key = "content" if "content" in entry else "text"
    if entry.get(key) is None:
        raise _wrong(f"entry {at} has a role and no text.")
    return role in CUSTOMER, _words(entry[key], at, key)


def _words(value: Any, at: int, key: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong(f"{key} of entry {at} is {_kind(value)}, not a text.")
    return value.strip()


def _exchanges(sides: Iterable[Side]) -> tuple[Exchange, ...]:
    """Sides paired: what the shop says belongs to what the customer said last."""
    pairs: list[tuple[str, str]] = []
    for customers, words in sides:
        if customers and words:
            pairs.append((words, ""))
        elif words:
            said, replied = pairs.pop() if pairs else ("", "")
            pairs.append((said, f"{replied}\n{words}".strip()))
    return tuple(Exchange(said=said, replied=replied) for said, replied in pairs)


def _kind(value: object) -> str:
    names = {str: "a text", bool: "true or false", int: "a number", float: "a number"}
    fallback = "a list" if isinstance(value, Sequence) else "no text"
    return "null" if value is None else names.get(type(value), fallback)


def _wrong(what: str) -> DevkitError:
    return environment_error(f"The history cannot be used: {what} {FORMS}")

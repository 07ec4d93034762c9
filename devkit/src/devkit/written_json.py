"""JSON that others wrote: its value, or what is wrong with it."""

import json
from typing import Any


class JsonError(ValueError):
    """A text is no JSON that can be used; the message says why, and begins with "no JSON"."""


def parsed(text: str) -> Any:
    """The value of a JSON text. Raises JsonError, for halves of characters too."""
    try:
        found = json.loads(text)
        # A lone surrogate is a str, and yet no text: tokenizers and files refuse it much later.
        json.dumps(found, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise JsonError(f"no JSON ({error.msg} at character {error.pos + 1})") from error
    except UnicodeEncodeError as error:
        raise JsonError("no JSON that is text (half of a surrogate pair, like \\ud83d)") from error
    except RecursionError as error:
        raise JsonError("no JSON that can be read (nested too deeply)") from error
    return found

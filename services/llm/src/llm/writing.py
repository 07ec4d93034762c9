"""Takes in an answer as it is written: cut into sentences, guarded, shown; or whole, for warmth."""

from collections.abc import Callable
from typing import Protocol

from llm.measure import guarded
from llm.previews import Previews
from llm.sentences import Sentences

GUARD = "guard"
PREVIEW = "preview"


class Checked(Protocol):
    """A sentence after the guard."""

    @property
    def text(self) -> str:
        """What may be shown: the sentence, another in its place, or nothing."""
        ...

    @property
    def misses(self) -> tuple[str, ...]:
        """Why it was not shown as it was."""
        ...


Check = Callable[[str], Checked]


class Writing(Protocol):
    """What the words of a model go to."""

    @property
    def begun(self) -> bool:
        """Whether any words came."""
        ...

    def add(self, text: str) -> None:
        """Some more words."""
        ...

    def end(self, *, whole: bool) -> None:
        """No more come; not `whole` where the model was cut off at its limit."""
        ...


class Sheet:
    """A text shown sentence by sentence. Its pieces are its previews, to the letter."""

    def __init__(self, check: Check, previews: Previews) -> None:
        self.begun = False
        self.misses: list[str] = []
        self._check = check
        self._previews = previews
        self._sentences = Sentences()
        self._shown: list[str] = []
        self._pieces = 0
        self._missed = 0

    @property
    def torn(self) -> bool:
        """Whether the guard stopped more sentences than it let out: the rest is no answer."""
        return self._missed > self._pieces - self._missed

    @property
    def text(self) -> str:
        """What was shown so far."""
        return "".join(self._shown)

    def add(self, text: str) -> None:
        """Show the sentences that are complete now."""
        self.begun = True
        for piece in self._sentences.feed(text):
            self._show(piece)

    def end(self, *, whole: bool) -> None:
        """Show the rest; where the model was cut off in the middle of a sentence, leave it out."""
        rest = self._sentences.rest()
        for piece in rest if whole else ():
            self._show(piece.rstrip())

    async def marks(self) -> tuple[str, ...]:
        """What is to be said of it in the reply, once every preview is acknowledged."""
        complete = await self._previews.complete()
        return (*([GUARD] if self.misses else []), *([] if complete else [PREVIEW]))

    def drop(self) -> None:
        """Show no more of it."""
        self._previews.stop()

    def _show(self, piece: str) -> None:
        checked = self._check(piece)
        self.misses.extend(checked.misses)
        self._pieces += bool(piece.strip())
        self._missed += bool(checked.misses)
        guarded(checked.misses)
        shown = checked.text if self._shown else checked.text.lstrip()
        if shown.strip():
            self._shown.append(shown)
            self._previews.show(shown)


class Draft:
    """A text that nobody sees before it is whole."""

    def __init__(self) -> None:
        self.begun = False
        self.whole = False
        self._parts: list[str] = []

    @property
    def text(self) -> str:
        """What was written."""
        return "".join(self._parts).strip()

    def add(self, text: str) -> None:
        """Some more words."""
        self.begun = True
        self._parts.append(text)

    def end(self, *, whole: bool) -> None:
        """Half a text is none."""
        self.whole = whole

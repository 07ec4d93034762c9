"""Takes in an answer as it is written: cut into sentences, guarded, shown; or whole, for warmth."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from llm.measure import guarded
from llm.previews import Previews
from llm.prompt import CHARACTERS_PER_TOKEN
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


@dataclass(frozen=True)
class Extent:
    """The most characters and pieces of one answer."""

    characters: int
    pieces: int

    @classmethod
    def of(cls, tokens: int) -> "Extent":
        """What so many tokens can be of prose, and twice over: a token of mere marks is dozens of
        them, and every piece is guarded on the loop that serves all turns. The shortest line of a
        list, "- Monster", takes four tokens."""
        return cls(int(2 * CHARACTERS_PER_TOKEN * tokens), max(tokens // 4, 1))


LONGEST = 800
"""Characters of a sentence that is still read. Prose has some 150; some patterns of the guard take
time by its square."""

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
    """A text shown sentence by sentence. Its pieces are its previews, to the letter.

    What goes beyond `most` is not read: the text then ends with its last whole sentence.
    """

    def __init__(self, check: Check, previews: Previews, most: Extent) -> None:
        self.begun = False
        self.cut = False
        self.misses: list[str] = []
        self._check = check
        self._previews = previews
        self._sentences = Sentences()
        self._most = most
        self._left = most.characters
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
        if self.cut:
            return
        taken, self._left = text[: self._left], self._left - len(text)
        for piece in self._sentences.feed(taken):
            self._show(piece)
        self.cut = self.cut or self._left < 0

    def end(self, *, whole: bool) -> None:
        """Show the rest; where the model was cut off in the middle of a sentence, leave it out."""
        rest = self._sentences.rest()
        for piece in rest if whole and not self.cut else ():
            self._show(piece.rstrip())

    async def marks(self) -> tuple[str, ...]:
        """What is to be said of it in the reply, once every preview is acknowledged."""
        complete = await self._previews.complete()
        return (*([GUARD] if self.misses else []), *([] if complete else [PREVIEW]))

    def drop(self) -> None:
        """Show no more of it."""
        self._previews.stop()

    def _show(self, piece: str) -> None:
        self.cut = self.cut or len(piece) > LONGEST or self._pieces >= self._most.pieces
        if self.cut:
            return
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

    def __init__(self, most: Extent) -> None:
        self.begun = False
        self.whole = False
        self._parts: list[str] = []
        self._left = most.characters

    @property
    def text(self) -> str:
        """What was written."""
        return "".join(self._parts).strip()

    def add(self, text: str) -> None:
        """Some more words."""
        self.begun = True
        self._left -= len(text)
        if self._left >= 0:
            self._parts.append(text)

    def end(self, *, whole: bool) -> None:
        """Half a text is none, nor is one that never ends."""
        self.whole = whole and self._left >= 0

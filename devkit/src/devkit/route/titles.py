"""The series and volumes that a text names, as the retrieval tier reads them."""

import re
from collections.abc import Iterable

from classifier.history.shown import TITLE_ENDS
from playbook.series import Series
from playbook.titles import folded, titles_of
from rag.matching.matcher import Matcher
from rag.matching.volume import asked_volumes

WITH_NUMBER = re.compile(r"((?:\S+ ){0,4}\S+?),? (?:volume |vol\.? ?|#)?\d{1,3}\b", re.IGNORECASE)


class Titles:
    """A catalogue's names, made ready at the first use: most turns of a check have no history."""

    def __init__(self, catalogue: Iterable[Series]) -> None:
        self._catalogue = tuple(catalogue)
        self._exact = titles_of(self._catalogue)
        self._ready: Matcher | None = None

    def named(self, text: str) -> tuple[str, ...]:
        """The ids of the series that are surely named, in their order, each once."""
        found = (mention.one for mention in self._matcher.find(text))
        return tuple(dict.fromkeys(one for one in found if one)) or self._numbered(text)

    def _numbered(self, text: str) -> tuple[str, ...]:
        """A title that is a plain word too, told by the volume after it: "my Monster 3"."""
        for found in WITH_NUMBER.finditer(text):
            words = found[1].split()
            ends = (self._exact.get(folded(" ".join(words[at:]))) for at in range(len(words)))
            if series := next((one for one in ends if one), None):
                return (series,)
        return ()

    def listed(self, line: str) -> str | None:
        """The series that an entry of a list begins with, else the first that it names."""
        exact = self._exact.get(folded(TITLE_ENDS.sub("", line)))
        return exact or next(iter(self.named(line)), None)

    def volume(self, text: str) -> str | None:
        """The one volume that is asked for."""
        volumes = asked_volumes(text, self._matcher.find(text))
        return str(volumes[0]) if len(volumes) == 1 else None

    @property
    def _matcher(self) -> Matcher:
        self._ready = self._ready or Matcher(self._catalogue)
        return self._ready

"""Cuts a text into sentences while it is still being written.

A piece is a sentence with the white space before it. Put together, the pieces are the text, to the
letter, however it was cut on its way here. Where a sentence may go on ("vol. 12", "Blame! 3") the
two stay together: a longer piece does no harm, a torn one does.
"""

import re

END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’)\]»*]*+(?=\s)"
    r"|(?<![。！？])[。！？]++[」』”’）]*+(?=[^」』”’）。！？])"
    r"|(?<=\S)(?=[^\S\n]*\n)"
    r"|(?P<open>(?:(?<![.!?…])[.!?…]++[\"'”’)\]»*]*+|(?<![。！？])[。！？]++[」』”’）]*+"
    r"|(?<=\S)[^\S\n]++)\Z)"
)
"""Where a sentence may end: marks and closing quotes before white space, or a line's end; `open` at
the end of the text, where what follows decides. A run is read once, from its start, never from
within: a reply of nothing but marks must not hold up the others."""
NUMBER = re.compile(r"\W*+\d+\W")
LINE_ENDS = re.compile(r"[^\S\n]*\n")
NEXT = re.compile(r"\s+[\"'“‘(\[«*-]*(\w[\w'’]*)?")
OPENING, CLOSING = "\"'“‘([«*", "\"'”’)]»*"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ABBREVIATIONS = _words(
    "vol vols ch chap ed eds dr mr mrs ms prof st jr sr inc ltd co corp dept est approx ca cf e.g"
    " i.e eg ie etc vs al fig incl excl min max tel ext a.m p.m u.s u.k"
)
NUMBERED = _words("no nos nr p pp ch vol vols fig")
"""Before anything but a number these end a sentence as other words do: "No. It is out." """
STARTERS = _words(
    "a all also an and another any are as at because before both but by can could did do does each"
    " either every everything few first for from had has have he her here his how i i'd i'll i'm if"
    " in is it it's its just let like many may maybe more most my neither no none nor not now of on"
    " once one only or other our out over perhaps please she should since so some still such that"
    " that's the their them then there these they this those though to together two under unlike"
    " until was we we'd we'll we're were what when where which while who why will with would yes"
    " yet you you'll you're your"
)
"""Words that begin sentences rather than follow a title."""
CALLS = _words(
    "absolutely ah anytime certainly cheers congratulations enjoy excellent exactly fantastic glad"
    " gladly good goodbye great hello hey hi hooray indeed lovely nice no of oh ok okay perfect"
    " please really right sorry sure thanks welcome wonderful wow yes you"
)
"""Words that stand alone with "!" at the start of a sentence, and are no titles."""


class Sentences:
    """The sentences of one text, each as soon as it is certain to be complete."""

    def __init__(self) -> None:
        self._text = ""
        self._from = 0

    def feed(self, delta: str) -> list[str]:
        """Take what was written on; give the sentences that are complete now."""
        self._text += delta
        pieces = []
        while (end := self._end()) is not None:
            pieces.append(self._text[:end])
            self._text, self._from = self._text[end:], 0
        return pieces

    def rest(self) -> list[str]:
        """What is left when the text has ended: one last piece or none."""
        left, self._text, self._from = self._text, "", 0
        return [left] if left else []

    def _end(self) -> int | None:
        for found in END.finditer(self._text, self._from):
            ends = None if found["open"] else self._ends(found.end())
            if ends is None:
                self._from = found.start()
                return None
            if ends:
                return found.end()
            self._from = found.end()
        self._from = len(self._text)
        return None

    def _ends(self, at: int) -> bool | None:
        """Whether a sentence ends here; None while what follows does not tell."""
        before = self._text[:at]
        if LINE_ENDS.match(self._text, at) or not self._text[at].isspace():
            return True
        follows = NEXT.match(self._text, at)
        if follows is None or follows.end() == len(self._text):
            return None
        return _parts(before, (follows.group(1) or "").replace("’", "'"))


def sentences(text: str) -> list[str]:
    """The sentences of a whole text."""
    one = Sentences()
    return [*one.feed(text), *one.rest()]


def _parts(before: str, word: str) -> bool:
    """Whether a sentence ends between a text that ends in a mark and the word after it."""
    bare = before.rstrip(CLOSING)
    last = bare.rsplit(None, 1)[-1].lstrip(OPENING)
    if word[:1].islower() or NUMBER.fullmatch(before.strip()):
        return False
    if last.endswith("."):
        return not _abbreviates(last.rstrip(".").lower(), word)
    return word.lower() in STARTERS or not _may_be_a_title(bare, last)


def _abbreviates(stem: str, word: str) -> bool:
    if stem in NUMBERED and word[:1].isdigit():
        return True
    return stem in ABBREVIATIONS or (len(stem) == 1 and stem.isalpha() and stem != "i")


def _may_be_a_title(bare: str, last: str) -> bool:
    """Whether "!" or "?" may belong to a name, as in "Yotsuba&!" or "Haikyu!!"."""
    name = last.rstrip("!?…")
    first = len(bare.split(None, 1)) == 1
    return "&" in name or (name[:1].isupper() and not (first and name.lower() in CALLS))

"""A text as the checks read it: one way to write each character, nothing that nobody sees."""

import re
import unicodedata

SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»「」『』", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
GLUED = re.compile(r"\b((?:vols?|volumes?|books?)\.?)(?=\d)", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
COMMON = frozenset(
    re.findall(
        r"\S+",
        "a about after all also an and any are as at be been before being both but by can could did"
        " do does each for from get gets had has have he her here him his how i if in into is it"
        " its just like may me more most much my of on one or other our over own quite rather"
        " really s she so some such than that the their them then there these they this those"
        " through to too up us very was we were what when where which while who will with would"
        " you your i'd i'll i'm i've it's that's there's they're we'd we'll we're we've you'd"
        " you'll you're you've let let's",
    )
)
"""Words that carry no fact by themselves."""
NEGATIONS = frozenset(
    re.findall(
        r"\S+",
        "not never no neither nor without none nobody nothing cannot unable hardly nowhere",
    )
)
ENDINGS = ("ings", "ing", "ies", "ied", "ed", "es", "s", "y", "e")


def flat(text: str) -> str:
    """The text with its characters in one form: "Ｖｏｌ．１２" becomes "Vol. 12", "’" "'"."""
    if not text.isascii():
        one = unicodedata.normalize("NFKC", text.translate(SIGNS)).translate(SIGNS)
        text = "".join(_digit(char) for char in one if _seen(char))
    return GLUED.sub(r"\1 ", text)


def words(text: str) -> list[str]:
    """The words of a flat text in lower case, in their order."""
    return [found.lower() for found in WORD.findall(text)]


def stems(text: str) -> list[str]:
    """The stems of the words that carry meaning, in their order; negations stand apart."""
    return [stem(word) for word in words(text) if word not in COMMON and not is_negation(word)]


def is_negation(word: str) -> bool:
    """Whether a word in lower case denies."""
    return word in NEGATIONS or word.endswith("n't")


def stem(word: str) -> str:
    """A word without its commonest endings: crude, and the same on both sides of a comparison."""
    bare = word.removesuffix("'s")
    for ending in ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= 3:
            return bare.removesuffix(ending)
    return bare


def _seen(char: str) -> bool:
    return char in "\n\t" or unicodedata.category(char)[0] != "C"


def _digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char

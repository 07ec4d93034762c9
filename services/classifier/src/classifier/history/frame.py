"""The words around an answer, and the places that answers tell: "no, the second one please"."""

import re

from classifier.history.numerals import ORDINALS

PLACES = "|".join(ORDINALS)
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
LEAD = (
    r"^(?:(?:no|yes|yeah|yep|ok|okay|oh+|ooh+|ah+|um+|uh+|h+m+|lol|haha|cool|well|so|sorry|wait"
    r"|actually|and|but|rather|just|only|then|maybe|probably|definitely|please|thanks|great|nice"
    r"|not (?:that|this|it)(?: one)?|i mean|i meant|i think|i guess|it's|it is|that's|that is|is it"
    r"|it (?:was|must be|should be)|was it|make (?:it|that)"
    r"|i'll (?:take|have|go (?:with|for))|let's (?:take|do|go with)|go with|give me"
    r"|i(?:'d like| want| choose| pick| would like)|what about|how about"
    r"|(?:tell me )?(?:more )?about|more on)[,.! ]+)*(?:the |my |that )?"
)
LEADING = re.compile(LEAD, re.IGNORECASE)
THING = r"(?:order|book|series|manga|title|option|parcel|package|choice|volume)"
TAIL = (
    rf"(?: one| {THING})?"
    r"(?:,? (?:please|then|instead|thanks|thank you|i (?:think|guess|believe|suppose)"
    r"|of (?:those|these|them)|of the (?:two|three|four|lot|list)|you (?:listed|named|mentioned)"
    r"|(?:on|in) (?:the|your) list|sounds (?:good|great|nice|fun|cool)"
    r"|obviously|of course|for sure|if possible))*\W*$"
)
ORDINAL = re.compile(
    rf"{LEAD}({PLACES}|(?:very )?last|former|latter|middle|second[ -](?:to )?last){TAIL}",
    re.IGNORECASE,
)
NUMBER = re.compile(
    rf"{LEAD}(?:(?:number |option |no\.? ?|#)?([1-9])"
    rf"|(?:number|option) ({'|'.join(NUMBERS)})){TAIL}",
    re.IGNORECASE,
)
OTHER = re.compile(rf"{LEAD}(?:other|another){TAIL}", re.IGNORECASE)


def place_of(word: str, count: int) -> int | None:
    """Where among so many an ordinal points, from 0 on; None where nothing is in the middle."""
    word = word.lower()
    if word in ORDINALS:
        return ORDINALS[word]
    if word == "middle":
        return count // 2 if count % 2 else None
    if word == "former":
        return 0
    return count - 2 if word.startswith("second") else count - 1

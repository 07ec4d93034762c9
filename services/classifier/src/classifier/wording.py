"""How customers leave a dialogue, agree, refuse, or ask something else in the middle of it."""

import re

from classifier.spelling import spellings

LEAVES = re.compile(
    r"^(?:(?:no|ok|okay|actually|sorry|please|oh)[,.! ]+)*"
    r"(?:(?:i (?:want|would like) to |i'd like to |let's |let me |can (?:we|you|i) )?"
    r"(?:stop|cancel|abort|quit|never ?mind|forget)(?: about)?"
    r"(?: (?:it|this|that|all of (?:it|this)|(?:the|my|this|that) (?:return|exchange|refund)))?"
    r"|(?:i'll|i will|i want to|i'd rather|let me) (?:just )?keep (?:it|them|this|that|the \w+)"
    r"|i don't want to (?:return|exchange|send) (?:it|this|that|them|anything)(?: back)?"
    r"(?: anymore)?"
    r"|(?:let's )?(?:leave|drop|skip|scrap) (?:it|that)(?: be)?"
    r"|(?:it )?(?:doesn't|does not) matter(?: any ?more)?"
    r"|i(?:'ve| have)? changed my mind,? (?:i'll|i will|let me) keep (?:it|them|this|that))"
    r"(?:[, ]+(?:please|thanks|thank you|then|for now|after all|now|anyway|i'll keep (?:it|them)))*"
    r"[ .!]*$",
    re.IGNORECASE,
)
"""The end of a dialogue: "never mind", "cancel the return". "Cancel my order" is another matter."""

YES = re.compile(
    r"^(?:(?:oh|ok|okay|great|perfect|thanks|yes)[,.! ]+)*"
    r"(?:y|yes|yeah|yep|yup|sure|ok|okay|fine|correct|right|exactly|perfect|great|good"
    r"|confirm(?:ed)?"
    r"|(?:that's|that is|it's|all|looks|sounds) (?:all )?"
    r"(?:right|correct|it|good|fine|great|ok|okay)"
    r"|(?:please )?(?:do (?:it|that|so)|go ahead|go on))"
    r"(?:[, ]+(?:please|thanks|thank you|do it|do that|go ahead|that's (?:right|correct)))*"
    r"[^\w?]*$",
    re.IGNORECASE,
)
NO = re.compile(
    r"^(?:no[,.! ]+)*"
    r"(?:n|no|nope|nah|wrong|not (?:quite|really|correct|right)"
    r"|(?:that's|that is|it's) (?:wrong|not (?:right|correct|it)))"
    r"(?:[, ]+(?:thanks|thank you|please|sorry|that's (?:wrong|not (?:right|correct))))*\W*$",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"\?\s*$"
    r"|^(?:(?:and|but|so|also|ok|okay|wait|sorry|by the way|btw|first|please|hi|hello)[,.! ]+)*"
    r"(?:who|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|can|could"
    r"|will|would|should|may|tell|show|give|find|track|check|recommend|suggest|cancel|change|help"
    r"|i (?:want|need|would like|wonder)|i'd like|i'm looking)(?:'s|'re)?\b",
    re.IGNORECASE,
)
"""A question or a wish. What a dialogue asked for is mostly told, not asked."""


def consent(text: str) -> str | None:
    """`yes` or `no` where a text says nothing but that, else None."""
    for said in spellings(text):
        if YES.match(said) or NO.match(said):
            return "yes" if YES.match(said) else "no"
    return None


def leaves(text: str) -> bool:
    """Whether a text ends a dialogue."""
    return any(LEAVES.match(said) for said in spellings(text))

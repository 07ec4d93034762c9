"""How customers leave a dialogue, agree, refuse, or ask something else in the middle of it."""

import re

from classifier.spelling import spellings

LEAVES = re.compile(
    r"^(?:(?:no|nah|ok|okay|actually|sorry|please|oh|eh+|ah+|ugh|argh|hm+|well|wait|so|then"
    r"|you know what|on second thoughts?|(?:i(?:'ve| have)? )?changed my mind"
    r"|too much (?:of a )?(?:hassle"
    r"|hassel|trouble|effort|work|bother)|never ?mind)[,.! ]+)*"
    r"(?:(?:i (?:want|would like) to |i'd like to |let's |let me |can (?:we|you|i) )?"
    r"(?:just )?(?:stop|cancel|abort|quit|never ?mind|forget|scratch|scrap)(?: about)?"
    r"(?: (?:it|this|that|all of (?:it|this)|(?:the|my|this|that) (?:return|exchange|refund)))?"
    r"|(?:i'll|i will|i want to|i'd rather|let me|we'll|(?:i|we) decided to|(?:i|we)(?:'ve| have)"
    r" decided to|i think i'll) (?:just )?keep(?:ing)? (?:it|them|this|that|the \w+)"
    r"|(?:i'm|we're|i am|we are) (?:just )?keeping (?:it|them|this|that|the \w+)"
    r"|(?:i|we) (?:don't|do not|no longer) (?:want|wish|need) to (?:return|exchange|send|do)"
    r" (?:it|this|that|them|anything)(?: back)?(?: any ?more)?"
    r"|(?:let's |just )?(?:leave|drop|skip|let) (?:it|that)(?: be| go)?"
    r"|let'?s (?:just )?not(?: (?:do|return|bother(?: with)?) ?(?:it|this|that)?)?"
    r"|no (?:need (?:for a|to) )?(?:return|exchange)(?: it)?(?: (?:needed|necessary|wanted))?"
    r"|(?:i |we )?(?:don't|do not) (?:need|want) (?:a|the|this|that|any) (?:return|exchange)"
    r"|(?:i(?:'ll| will) )?(?:hang|hold) on to (?:it|them)"
    r"|(?:please )?don't bother(?: any ?more)?|not worth (?:it|the (?:hassle|trouble|effort))"
    r"|(?:it )?(?:doesn't|does not) matter(?: any ?more)?"
    r"|i(?:'ve| have)? changed my mind,? (?:i'll|i will|let me) keep (?:it|them|this|that))"
    r"(?:[, ]+(?:please|thanks|thank you|then|for now|after all|now|anyway|i'll keep (?:it|them)))*"
    r"(?:[ .!]*$|[ ]*[,.;:!–—-]+ (?P<reason>.{1,60})$)",
    re.IGNORECASE,
)
"""The end of a dialogue: "never mind", "cancel the return". "Cancel my order" is another matter.
A reason may follow, after a comma or the like."""

SENTENCES = re.compile(r"(?:[,.;:!–—]+\s+|\s+(?:so|but)\s+)", re.IGNORECASE)
LONGEST_LEAVE = 100
NO_RETURN = re.compile(r"\b(?:no (?:need to )?|not )return", re.IGNORECASE)
"""Says itself what is left, whatever was told before."""

NO_REASON = re.compile(
    r"\?|\d|\b(?:wrong|other|another|rather|instead|mean|meant|first|second|third|order|but"
    r"|exchange|refund|replace\w*|who|what|where|when|how)\b",
    re.IGNORECASE,
)
"""What makes of the words after "stop, …" a wish or a correction: the dialogue does not end."""

YES = re.compile(
    r"^(?:(?:oh|ok|okay|great|perfect|thanks|yes)[,.! ]+)*"
    r"(?:y|yes|yeah|yep|yup|sure(?: thing)?|ok|okay|fine|correct|right|exactly|perfect|great|good"
    r"|absolutely|definitely|certainly|of course|by all means|works for me|let's do (?:it|that)"
    r"|confirm(?:ed)?"
    r"|(?:that's|that is|it's|all|looks|sounds) (?:all )?"
    r"(?:right|correct|it|good|fine|great|ok|okay)"
    r"|(?:please )?(?:do (?:it|that|so)|go ahead|go on))"
    r"(?:[,.! ]+(?:please|thanks|thank you|(?:please )?(?:do (?:it|that|so)|go ahead|go on)"
    r"|that's (?:right|correct|fine|it)|sure|ok|okay|of course))*"
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
    r"|^(?:(?:and|but|so|also|ok|okay|wait|sorry|by the way|btw|first|please|hi|hello|hey|hm+|oh"
    r"|lol|haha|well|um+|uh+|before (?:that|this)|(?:just )?(?:a |one )?quick question"
    r"|one more thing|unrelated|meanwhile)[,.!: ]+)*"
    r"(?:who|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|can|could"
    r"|will|would|should|may|tell|show|give|find|track|check|recommend|suggest|cancel|change|help"
    r"|i (?:want|need|would like|wonder)|i'd like|i'm looking)(?:'s|'re)?\b",
    re.IGNORECASE,
)
"""A question or a wish. What a dialogue asked for is mostly told, not asked."""


SOCIAL = re.compile(
    r"^(?:(?:oh|ok|okay|aw+|great|nice|wow|lol|haha)[,.! ]+)*"
    r"(?:thanks|thank you|many thanks|cheers|hello|hi|hey|good (?:morning|evening|afternoon)"
    r"|lol|haha+|you(?:'re| are) (?:so |very |really )?(?:sweet|kind|nice|great|the best|a star"
    r"|awesome|helpful|funny|lovely))\b",
    re.IGNORECASE,
)
"""A nicety. No dialogue asks for one."""


def asks(text: str) -> bool:
    """Whether a text asks for something, in whatever spelling."""
    return any(ASKS.search(said) for said in spellings(text.strip()))


def is_social(text: str) -> bool:
    """Whether a text begins with thanks, a greeting or a compliment."""
    return any(SOCIAL.match(said) for said in spellings(text.strip()))


def consent(text: str) -> str | None:
    """`yes` or `no` where a text says nothing but that, else None."""
    for said in spellings(text):
        if YES.match(said) or NO.match(said):
            return "yes" if YES.match(said) else "no"
    return None


def leaves(text: str) -> bool:
    """Whether a text ends a dialogue, with or without a reason."""
    said = spellings(text.strip())
    found = (LEAVES.match(one) for one in said)
    return any(one and _may_end(one["reason"]) for one in found) or any(map(_ends_so, said))


def _ends_so(text: str) -> bool:
    """Whether a text gives its reason first: "it's not that bad, leave it"."""
    parts = [part for part in SENTENCES.split(text) if part.strip()]
    if len(parts) < 2 or len(text) > LONGEST_LEAVE or not LEAVES.match(parts[-1]):
        return False
    before, last = parts[:-1], parts[-1]
    return NO_RETURN.search(last) is not None or not NO_REASON.search(" ".join(before))


def _may_end(reason: str | None) -> bool:
    if reason is None:
        return True
    return leaves(reason) or not (ASKS.search(reason) or NO_REASON.search(reason))

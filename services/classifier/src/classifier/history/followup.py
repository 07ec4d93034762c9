"""Turns that mean something only after the one before, where no rule and no option tells what.

Each of these is decided without the model: of a fragment it could only guess.
"""

import re

from classifier.choice import Choice
from classifier.history.binding import LEAD, NUMBER, ORDINAL, OTHER, TAIL, chosen
from classifier.history.shown import listed, question_of
from classifier.history.subject import ORDER_ID, firing
from classifier.history.wanted import concerned, fitting, named
from classifier.manifest import OUT_OF_SCOPE
from classifier.spelling import LONGEST, plain, spellings
from classifier.wording import consent
from events.context import Context
from events.decision import Evidence
from playbook.rule import Match, first_match
from playbook.shop import Shop

AGAIN = re.compile(
    r"^(?:(?:and|but|or|also|then|no|yes|yeah|ok|okay|so|sorry|wait|actually|what about|how about"
    r"|i mean|i meant|just|(?:the )?same(?: (?:thing|question|again|goes|story|please))?|now|try"
    r"|only|for|with|on|of|is it)[,.! ]+)+(.{1,60}?)\W*$",
    re.IGNORECASE,
)
"""The same once more, of something else: "and ABC123?", "same for vol 5", "no, I meant Monster"."""

ALONE = re.compile(r"^((?:#|no\. ?|number )?\d{1,3})\W*$", re.IGNORECASE)
"""A number alone is the volume, where volumes were talked about."""

PREPOSED = re.compile(
    r"^(?:(?:and|but|or|what about|how about|also|even|ok|so)[, ]+)+"
    r"(?:to|for|in|from|by|with|without|until|after|before|within) (?:\S+ ?){1,5}$"
    r"|^(?:to|for|in|from|by|with|without) (?:\S+ ){0,2}\S+\?$",
    re.IGNORECASE,
)
BARE = re.compile(
    r"^(?:(?:and|but|so|ok|okay|oh|hm+)[,. ]+)*(?:why(?: not| is that)?|when(?: exactly)?|where"
    r"|how|how (?:long|come|much|many|soon|so)|since when|until when|by when|which(?: ones?)?"
    r"|are you sure|really|what|what do you mean)(?: then| again| exactly| please)*[ ?!.]*$",
    re.IGNORECASE,
)
"""A question word alone."""

LEADING = re.compile(
    r"^(?:(?:and|but|or|also|then|so|ok|okay|no|yes|yeah|well|oh|what about|how about|wait|sorry"
    r"|hm+|great|thanks|cool|nice|i mean|i meant|please|by the way|btw|what|hey)\b[,.! ]+)+",
    re.IGNORECASE,
)
TRAILING = re.compile(
    r"(?:[, ]+(?:then|too|as well|though|instead|please|actually|anyway|again|by the way|btw"
    r"|thanks))+"
    r"(?P<mark>[ .!?]*)$",
    re.IGNORECASE,
)
UNNAMED = re.compile(
    rf"{LEAD}(?:(?:cheap|old|new|dear|small|bigg?|short|long|earli|lat)(?:er|est)|more expensive"
    rf"|middle|same|right|wrong|other|another|next|previous|most recent){TAIL}"
    rf"|{LEAD}(?:both|either|neither|any|all|none|each)(?: one)?(?: of (?:them|those|these))?"
    r"(?:,? please)?\W*$"
    r"|^(?:(?:i|well|hm+|sorry)[, ]+)*(?:don't (?:know|remember)|not sure|no idea|dunno|whichever"
    r"|whatever|doesn't matter|can't remember|am not sure|have no idea)(?: which(?: one)?)?\W*$",
    re.IGNORECASE,
)
"""An answer that does not tell which: whoever asked must ask again, or take both."""

NONE = re.compile(rf"{LEAD}(?:neither|none)\b", re.IGNORECASE)
USE_CASE = "use_case"
BOTH = re.compile(rf"{LEAD}(?:both|all|each)\b", re.IGNORECASE)
STOP = re.compile(
    r"^(?:(?:ok|okay|no|just|please|oh|actually)[,. ]+)*(?:stop|cancel|abort|quit|exit)"
    r"(?:[, ]+(?:please|now|then|thanks))*\W*$",
    re.IGNORECASE,
)
NEVER_MIND = "never mind"
ASKED_LAST = re.compile(r"[^.!?\n]*\?[^?]{0,80}$")
CLOSING = re.compile(
    r"\b(?:anything|something) else\b|\bhelp you\b|\bhow (?:can|may) i\b", re.IGNORECASE
)
STILL = re.compile(
    rf"{LEAD}(?:still|already|not yet|yet|nothing yet|no news|any(?:thing)? (?:news|new|yet))"
    r"(?: (?:not|no|nothing|news|there|here|yet|waiting|stuck|moving|nowhere|the same|on|it|now))*"
    r"[ ?!.]*$",
    re.IGNORECASE,
)
RESEND = re.compile(
    r"(?:^|[,.;!?] ?|\b(?:please|you|just|and) )(?:re-?send|(?:send|mail|e-?mail|try)"
    r"(?: (?:it|that|me|them|one|another))* (?:again|once more|anew))"
    r"(?: (?:it|that|please|then|now))*[ ?!.]*$",
    re.IGNORECASE,
)
MAILED = re.compile(
    r"\b(?:sent|mailed|e-?mailed)\b.{0,60}\be?-?mail\b|\be-?mailed\b", re.IGNORECASE
)


def put_again(shop: Shop, context: Context, text: str, match: Match | None) -> Choice | None:
    """What was asked last, asked of another order, series or volume.

    A rule that takes the thing for the same matter says so itself; one of an order alone or of
    what was talked about ("and volume 13?") gives way to the matter of the last turn.
    """
    use_case = context.use_case
    if (
        use_case is None
        or len(text) > LONGEST
        or (match and (match.rule.use_case == use_case or _says_more(match)))
    ):
        return None
    for said in spellings(text.strip()):
        again = AGAIN.match(said) or ALONE.match(said)
        slots = named(shop, again[1]) if again else {}
        if slots and concerned(shop, use_case, slots):
            why = f"asks {use_case} once more, of {' '.join(slots.values())}"
            return Choice(Evidence.QUESTION, use_case, why, slots=slots)
    return None


def followed(shop: Shop, context: Context, text: str) -> Choice | None:
    """The choice of a turn that goes on with the session, or None where it stands for itself."""
    if context.use_case in (None, OUT_OF_SCOPE) or len(text) > LONGEST:
        return None
    return (
        _put_plainly(shop, context, text)
        or _dropped(shop, context, text)
        or _unnamed(context, text)
        or _listed(shop, context, text)
        or _other_of_list(shop, context, text)
        or _goes_on(shop, context, text)
    )


def _says_more(match: Match) -> bool:
    """Whether a rule tells a matter, and not only that a thing was named."""
    return not match.rule.anaphoric and match.rule.max_characters > BARE_THINGS


BARE_THINGS = 80
"""Rules of so few characters fire on a bare thing: an order id, a title with its volume."""


def bare(text: str) -> str:
    """A short text with its slips mended and without the words around it."""
    return TRAILING.sub(r"\g<mark>", LEADING.sub("", plain(text.strip())))


def _put_plainly(shop: Shop, context: Context, text: str) -> Choice | None:
    """The rule of "it" that fires once slips are mended and words around it are gone."""
    for said in dict.fromkeys((plain(text.strip()), bare(text))):
        match = firing(shop, context, said) if said and said != text else None
        if match and match.rule.anaphoric:
            rule = match.rule
            why = f"the rule {rule.id} fires on what is meant: {said}"
            return Choice(
                Evidence.RULE, rule.use_case, why, rule.template, match.slots, rule_id=rule.id
            )
    return None


def _unnamed(context: Context, text: str) -> Choice | None:
    """An answer to the open question that tells no option: it goes back to who asked."""
    question = context.question
    if question is None or not question.options:
        return None
    said = next((one for one in spellings(text.strip()) if UNNAMED.match(one)), None)
    answer = consent(text)
    if said is None and (answer is None or question.slot == USE_CASE):
        return None
    if said and question.slot == USE_CASE and NONE.match(said):
        return None
    if answer == "yes" and len(question.options) == 1:
        slots = {question.slot: question.options[0].value}
        why = f"agrees to the only option: {question.options[0].value}"
        return Choice(Evidence.QUESTION, question.use_case, why, question.template, slots)
    all_asked = said and BOTH.match(said) and question.slot == ORDER_ID
    why = f"answers the open question for {question.slot} without telling which"
    slots = {"which": "all"} if all_asked else {}
    return Choice(Evidence.QUESTION, question.use_case, why, question.template, slots)


def _dropped(shop: Shop, context: Context, text: str) -> Choice | None:
    """A word that ends the open question: the same as "never mind"."""
    if context.question is None or not any(STOP.match(said) for said in spellings(text.strip())):
        return None
    match = first_match(shop.rules, NEVER_MIND, known=())
    if match is None:
        return None
    why = f"leaves the open question for {context.question.slot}"
    return Choice(Evidence.QUESTION, match.rule.use_case, why, match.rule.template, match.slots)


def _listed(shop: Shop, context: Context, text: str) -> Choice | None:
    """A place in the list that was shown last, though nothing was asked."""
    question = None if context.question else question_of(shop, context)
    option = chosen(question, context, text) if question else None
    if question is None or option is None:
        return None
    why = f"chooses from the list that was shown: {option.value}"
    slots = {question.slot: option.value}
    return Choice(Evidence.QUESTION, question.use_case, why, slots=slots)


def _other_of_list(shop: Shop, context: Context, text: str) -> Choice | None:
    """ "The other one" of two that were listed a while ago."""
    if context.question or not any(OTHER.match(said) for said in spellings(text.strip())):
        return None
    for one in reversed(context.recent):
        question = listed(shop, context, one.replied)
        option = chosen(question, context, text) if question else None
        if question and option:
            why = f"chooses the other one of the list that was shown: {option.value}"
            slots = {question.slot: option.value}
            return Choice(Evidence.QUESTION, question.use_case, why, slots=slots)
    return None


def _goes_on(shop: Shop, context: Context, text: str) -> Choice | None:
    """A fragment that can only belong to the matter of the last turn."""
    what = next((found for said in spellings(text.strip()) if (found := _kind(said))), None)
    if what is None and RESEND.search(text) and _mailed(context):
        what = "asks for the same mail again"
    if what is None and consent(text) and asks_back(context):
        what = "answers what was asked"
    if what is None or context.use_case is None:
        return None
    why = f"goes on with {context.use_case}: it {what}"
    slots = {} if what == OTHERS else fitting(shop, context)
    return Choice(Evidence.QUESTION, context.use_case, why, slots=slots)


OTHERS = "points at another one"


def _kind(text: str) -> str | None:
    if BARE.match(text):
        return "asks with a word alone"
    if PREPOSED.match(text):
        return "asks for another case"
    if STILL.match(text):
        return "asks whether anything has changed"
    places = OTHER.match(text) or ORDINAL.match(text) or NUMBER.match(text)
    return OTHERS if places else None


def _mailed(context: Context) -> bool:
    return bool(context.recent) and MAILED.search(context.recent[-1].replied) is not None


def asks_back(context: Context) -> bool:
    """Whether the last reply ended with a question that was about its matter."""
    replied = context.recent[-1].replied if context.recent else ""
    asked = ASKED_LAST.search(replied)
    return asked is not None and CLOSING.search(asked.group()) is None

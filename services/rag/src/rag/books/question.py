"""What a text asks about a series: the fields of the catalogue, or something that none holds."""

import re
from enum import StrEnum

from rag.matching.lists import listed
from rag.matching.volume import CARDINALS, ORDINALS
from rag.matching.words import words


class Field(StrEnum):
    """What may be asked. The last three are held by no field of catalogue or stock."""

    ABOUT = "about"
    VOLUMES = "volumes"
    AUTHOR = "author"
    YEAR = "year"
    STATUS = "status"
    GENRES = "genres"
    DEMOGRAPHIC = "demographic"
    PRICE = "price"
    STOCK = "stock"
    VIOLENCE = "violence"
    AGE = "age"
    EDITION = "edition"
    ORDER = "order"
    OTHER = "other"


HELD = frozenset(Field) - {Field.EDITION, Field.ORDER, Field.OTHER}

EDITION = (
    r"\b(?:deluxe|dlx|omnibus\w*|box(?:es)?(?: ?sets?)?|slipcase|hard ?(?:cover|back)|soft ?cover|"
    r"paper ?back|editions?|vizbig|3-in-1|signed|colou?r(?:ed)?|uncensored|translat\w+|language|"
    r"(?:in|into) (?:english|japanese|german|spanish|french)|english edition|isbn|publish(?:er|es)|"
    r"pages|page count|(?<!out of )print(?: quality)?|paper|size|dimensions?|weigh\w*|heavy|thick|"
    r"larger|flipped|"
    r"right to left|cover|poster|stickers?|specs|material|anniversary|artbooks?|e-?book|digital)\b"
)
ORDER = (
    r"\b(?:reading order|(?:which|what|in) order|where (?:do|should) i (?:start|begin)|"
    r"read .{2,40} (?:before|first)|before i read|(?:comes?|go(?:es)?) (?:first|before)|skip|"
    r"sequel|prequel|spin-?off|stand alone|part of)\b|\bbooks in order\b|\bis .{2,40} needed\b"
)
PATTERNS: dict[Field, tuple[str, ...]] = {
    Field.EDITION: (EDITION,),
    Field.ORDER: (ORDER,),
    Field.VOLUMES: (
        r"\bhow m(?:an|uc)y? (?:vol(?:ume)?s?|books?)\b",
        r"\bnumber of (?:volumes|books)\b",
        r"\bhow (?:long is|many (?:are there|is it)|many vols?)\b",
        r"\bvolume count\b",
    ),
    Field.AUTHOR: (
        r"\bwho(?:'s| is|s| has| did)? (?:it )?(?:wrote|writes?|written|draws?|drew|drawn)\b",
        r"\bwho(?:'s| is|s| has| did)? (?:it )?(?:made|makes)\b",
        r"\bwho(?:'s| is|s)? (?:the |it )?(?:created|author|artist|writer|mangaka|creator)\b",
        r"\b(?:author|mangaka|artist|writer|creator) (?:of|name)\b",
        r"\bwritten by\b|\bwho .{0,30}\bby\b",
        r"\bdid .{3,40} (?:write|draw|make|create)\b",
    ),
    Field.YEAR: (
        r"\b(?:which|what) year\b|\bhow old is\b|\byear of\b",
        r"\bwhen (?:was|were|did) .{1,60}(?:published|start\w*|begin|began|released|come out)\b",
    ),
    Field.STATUS: (
        r"\b(?:is|are|has|did) .{1,60}\b(?:finish(?:ed)?|complete[d]?|done|over|ongoing|running)\b",
        r"\b(?:is|are|has|did) .{1,60}\b(?:ended|concluded|on hiatus|going on)\b",
        r"\bfinished or\b|\bis finish or\b|\bstill (?:running|going|ongoing)\b",
        r"\bhave an? (?:end(?:ing)?|conclusion)\b|\bgo on\b|\bcontinue\?*$|\bstatus of\b",
    ),
    Field.GENRES: (
        r"\b(?:what|which) (?:genres?|kind of (?:manga|story)|type of)\b|\bgenres? of\b",
    ),
    Field.DEMOGRAPHIC: (
        r"\b(?:seinen|shou?nen|shou?jo|josei|kodomo|demographic|target (?:audience|group))\b",
    ),
    Field.PRICE: (r"\b(?:how m(?:u)?ch|price[ds]?|costs?|expensive|cheap(?:er|est)?|msrp)\b",),
    Field.STOCK: (
        r"\b(?:in (?:stock|stck)|out of (?:stock|print)|av\w*lable|availability|sold out)\b",
        r"\b(?:restock\w*|carry|copies|pre-?orders?|gets? here)\b|\bback in\b",
        r"\bany .{2,40} left\b",
        r"\b(?:do|have) (?:you|u|ya) (?:still )?(?:have|got|sell|stock)\b|\bdo u have\b",
        r"\byou have\b",
        r"\bgot (?:any|the)\b|\bcan i (?:buy|get|order)\b|\bi need .{2,40}\bis it there\b",
        r"\bis there (?:a|any|already a) (?:new )?(?:vol|volume|book)\b",
        r"\bbeen (?:published|released)\b",
        r"\bwhen (?:will|does|is) .{1,60}(?:be back|come out|out|released?|arrive|restocked)\b",
        r"\bnext volume\b.{0,30}\b(?:out|release)|\brelease(?:d| date)?\b",
        r"\b(?:wen|when) is .{1,40} out\b",
    ),
    Field.VIOLENCE: (r"\b(?:violent|violence|gory|gore|bloody|brutal|graphic(?! novel))\b",),
    Field.AGE: (
        r"\b(?:age rating|(?:what|which) age|age (?:is|range|group|limit)|year[- ]olds?|child)\b",
        r"\b(?:for (?:kids|children|adults|teens)|family friendly|suitable|appropriate)\b",
        r"\b(?:kid[- ]friendly|content warnings?)\b",
    ),
    Field.ABOUT: (
        r"\btell me (?:more |something |anything )?about\b|\babout what\b|\bwats .{2,40} abt\b",
        r"\bwhat(?:'s|s| is| are|ts?)? .{0,60}\babout\b",
        r"\b(?:synopsis|summar(?:y|ise|ize)|plot|describe|what'?s the story|what happens in)\b",
        r"\b(?:info(?:rmation)?|details?|deets|what's in|what is in|covers|arc is|history of)\b",
    ),
}
FIELDS = {
    field: re.compile("|".join(patterns), re.IGNORECASE) for field, patterns in PATTERNS.items()
}

GENERAL = listed("general") | frozenset((*CARDINALS, *ORDINALS))
"""Words that ask for nothing in particular: "show me Akira", "Vinland Saga 12"."""


BY_AUTHOR = re.compile(r"\bby(?: [A-Z]\w+){1,3}")


def asked_fields(rest: str) -> tuple[Field, ...]:
    """The fields that a text asks for; `rest` is the text without the titles in it.

    ABOUT alone where it only names something; OTHER where it asks for what no field holds.
    """
    found = tuple(field for field, pattern in FIELDS.items() if pattern.search(rest))
    if found:
        return _narrowed(found)
    bare = words(BY_AUTHOR.sub("", rest))
    plain = all(word.text in GENERAL or word.text[0].isdigit() for word in bare)
    return (Field.ABOUT,) if plain else (Field.OTHER,)


def _narrowed(found: tuple[Field, ...]) -> tuple[Field, ...]:
    """Without what is only a way of asking: "info on the price" asks for the price."""
    if len(found) > 1 and Field.ABOUT in found:
        found = tuple(field for field in found if field is not Field.ABOUT)
    if Field.PRICE in found and Field.STOCK in found and len(found) == 2:
        return (Field.PRICE, Field.STOCK)
    return found

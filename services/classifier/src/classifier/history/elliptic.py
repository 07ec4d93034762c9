"""Turns that name no thing of their own, and so are about what the session talked about."""

import re
from collections.abc import Mapping

from classifier.history.subject import ORDER_ID
from classifier.history.wanted import titles_of
from classifier.spelling import LONGEST, plain
from playbook.shop import Shop
from playbook.titles import folded

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
SMALL_WORDS = (
    "a about after again ago ahead all already also always am an and any anyway are as at"
    " away be because been before being btw but by can can't could did didn't do does doesn't"
    " doing don't done else enough even ever exactly far for from get gets getting give go"
    " goes going gone gonna got had has hasn't have haven't he her here hey him his hm how"
    " how's i i'd i'll i'm i've idea if in instead into is isn't it it's its just know least"
    " less let like lol long longer make many may me mean might mine more most much must my"
    " near need needs never next no none not nothing now of off oh ok okay on once one ones"
    " only or our out over own please pretty quite rather really right said same say see send"
    " she should since so some something soon sorry still such sure take tell than thanks that"
    " that's the their them then there there's these they thing think this those though"
    " through till time to today together tomorrow too try two u under until up ur us very"
    " wait want wants was wasn't way we well went were what what's whats when when's where"
    " where's whether which while who who's whose why will with without won't would yes yet"
    " you your zero"
    " almost argh aww better both cool couple damn dear either everything fine first great guess"
    " haha happen happened happens help hmm hope huh idk interesting kinda lets lots love maybe"
    " minute moment nah nice oops ooh perfect ping possible probably question saw seems shame"
    " shall show someone sounds sure super thing things thought told true use used weird whole"
    " wonder wow wrong ya yep yup"
)
OF_BOOKS_WORDS = (
    "adult adults age aged anime appropriate author available back bad begin big bloody"
    " bought box boxset boy brutal bundle buy buying carry chapters cheap cheaper child"
    " children color colour come comes coming complete completed copies copy cost costs dark"
    " darker daughter delivered delivery drew edition editions end ended ending ends english"
    " expensive finished first format funnier funny genre girl girls good gore gory grown"
    " happier hardcover japanese kid kids kind last latest left length lighter longer milder"
    " month months new number okay old omnibus ongoing order out page pages paperback part"
    " plot popular preorder price priced publisher rated rating read reading ready release"
    " released reprint reprinted restock restocked sad safe scary sell sequel series set sex"
    " sexual ship short shorter similar sold son start started stock story suitable teen"
    " teenager teens translated violence violent vol vols volume volumes week weeks worth"
    " wrote year years yo yr yrs"
    " adaptation adapted alive arc arcs art artist beginner beginners binding bonus chapter"
    " character characters cliffhanger collector collectors comedy condition continue continues"
    " cover deluxe dead dies die digital drawn ebook extra extras family fantasy fight fights film"
    " game graphic hero heroine horror illustrated kill killed killer killing limited list mail"
    " main married mature message movie naked nudity notified notify notification oneshot paper"
    " prequel print printed printing prints protagonist reader readers reserve romance romantic"
    " season shot size special spinoff spoiler spoilers stories style swearing teen thick thin"
    " translation translator twist villain violence waitlist weight"
)
OF_ORDERS_WORDS = (
    "account address addresses amount arrive arrived arrives arriving back bank big cancel"
    " cancelled card carrier change changed charge charged come coming confirmation date day"
    " days delayed delivered delivery door email expect expected figure friday gift home hours"
    " inbox invoice late left lost mail missing monday money month moved moves moving neighbor"
    " neighbour news office open package paid parcel pay payment pdf postage price receipt"
    " receive received refund refunded saturday scan sent ship shipped shipping somewhere"
    " status stuck sunday thursday tonight total track tracking tuesday update updated updates"
    " waiting wednesday week weeks work yesterday"
    " add added apartment apt bent bill box broken bucks building carton cash charges city code"
    " company confirmed courier credit credited customs damaged depot difference dollars"
    " doorstep double driver entire express extra faster fee fees flat house label letterbox"
    " locker lost mailbox name note overnight paypal pick pickup point porch post postcode"
    " remove removed ripped sign signature signed standard statement stolen street swap switch"
    " tax tear torn truck twice undo upgrade van vat water wet zip"
)
SMALL = frozenset(SMALL_WORDS.split())
OF_BOOKS = frozenset(OF_BOOKS_WORDS.split())
OF_ORDERS = frozenset(OF_ORDERS_WORDS.split())

BROAD = re.compile(
    r"\b(?:who|what) (?:are|can|do|else|have) you\b|\b(?:do|are|can) you (?:a|an|ever|even)\b"
    r"|\b(?:my|an?|any|all|the) (?:\w+ )?(?:orders|parcels|packages)\b"
    r"|\b(?:my|an?|another|any|every|new|other|next) (?:\w+ )?(?:order|parcel|package|series)\b",
    re.IGNORECASE,
)
"""Asks of the shop as a whole, or of another thing than the one talked about."""

OF_ONE_ORDER = frozenset({"order_tracking", "order_change", "address_change", "refund_status"})
"""Use cases of an order that is under way: while one is talked about, they are of that one."""

ANOTHER = re.compile(r"\b(?:other|another|different|second|new|orders|account)\b", re.IGNORECASE)

LIKE_IT = re.compile(
    r"\b(?:(?:something|anything|someone|one) else|instead|similar|alike|like (?:it|that|this)"
    r"|less \w+|more \w+|not (?:so|as|too) \w+)\b",
    re.IGNORECASE,
)
"""Measures what is wished for by what was talked about."""

LONGEST_TITLE = 6


def is_elliptic(shop: Shop, text: str) -> bool:
    """Whether a text has only words that go with any book or order, and names neither."""
    said = plain(text)
    words = [word.lower() for word in WORD.findall(said) if not word.isdigit()]
    if len(text) > LONGEST or not words or BROAD.search(said) or shop.find_slots(text):
        return False
    return all(word in SMALL or word in OF_BOOKS or word in OF_ORDERS for word in words)


def is_of_order(shop: Shop, use_case: str, text: str, known: Mapping[str, str]) -> bool:
    """Whether a turn about an order can only be of the one talked about: it names no other."""
    if use_case not in OF_ONE_ORDER or ORDER_ID not in known or len(text) > LONGEST:
        return False
    said = plain(text)
    return not (BROAD.search(said) or ANOTHER.search(said) or shop.find_slots(text))


def compares(text: str) -> bool:
    """Whether a wish is measured by what was talked about ("something else", "less gory")."""
    return len(text) <= LONGEST and LIKE_IT.search(plain(text)) is not None


def names_title(shop: Shop, text: str) -> bool:
    """Whether a text holds the name of a series that is more than words that go with any."""
    return bool(titles_said(shop, text))


def titles_said(shop: Shop, text: str) -> dict[str, str]:
    """The names of series that stand in a text, each with its id: the longest at every place."""
    words, titles = WORD.findall(text.lower()), titles_of(shop)
    found: dict[str, str] = {}
    at = 0
    while at < len(words):
        size = next(
            (n for n in range(LONGEST_TITLE, 0, -1) if _is_name(words[at : at + n], titles)), 0
        )
        if size:
            name = " ".join(words[at : at + size])
            found[name] = titles[folded(name)]
        at += size or 1
    return found


def _is_name(words: list[str], titles: Mapping[str, str]) -> bool:
    telling = any(word not in SMALL and word not in OF_BOOKS for word in words)
    return telling and folded(" ".join(words)) in titles

"""What is English though no dictionary has it: chat, brands, the trade's words, slips."""

import re
from functools import lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne
from simplemma import is_known

from classifier.spelling import WRITTEN_OUT

ENGLISH = "en"

CHAT = (
    "im ive ill id dont doesnt didnt cant wont isnt arent wasnt werent couldnt wouldnt"
    " shouldnt havent hasnt hadnt aint youre youve theyre whats wheres whens whos hows thats"
    " theres heres lets whatd wats whys its y'all yall gonna wanna gotta gimme lemme dunno"
    " kinda sorta outta cuz coz cos bc tho thru til tmrw tmr 2moro tonite rn atm asap fyi btw"
    " imo imho tbh idk idc ikr irl omg omfg wtf wth lol lmao lmfao rofl haha hahaha hehe xd"
    " smh ngl fr istg iirc afaik brb gtg g2g ttyl cya bye bb bbl nvm np yw ty tysm tyvm thx"
    " thnx tnx thanx tks tq pls plz plss plox pleez k kk ok oki okie okay okey dokey alr aight"
    " yep yup yeh yea yeah ye nah nope naw mhm hmm hm uh um uhh umm huh meh ugh oof woah wow"
    " yay yo sup wassup wazzup wassap hey heya heyy hiya hii hai helo hellu ello haay hru wyd"
    " gm gn u ur r n b w wo da dat dis dem ppl sry srsly def prob probs prolly fav fave faves"
    " bro bruh bruv dude sis fam bestie lil gud gr8 m8 l8r b4 tix sesh vibe vibes vibey cringe"
    " sus bot chatbot hooman info infos admin app apps wifi pdf isbn faq url http https www"
    " email emails emailed login logins signup username passcode otp sms pin qr etc eta asin"
    " upc sku dm dms insta fb ig yt tiktok discord reddit reorder restock restocks restocked"
    " restocking preorder preorders preordered backorder backordered unsub unsubscribe"
    " unsubscribed refundable storefront checkout promo promos coupon voucher vouchers"
    " giftcard giftcards hardcover hardcovers paperback softcover omnibus boxset boxsets"
    " slipcase scam scammer scammers scammed wtaf stfu teh whn abt bout smth smthng sth nxt"
    " wat wut wot gurl gurls frm msg msgs pic pics vid vids ref nr no vol vols ch pt ed num"
    " qty amt acc acct acnt addr dob aka vs ie eg misc approx hc pb tpb us usa uk eu nz usd"
    " eur gbp aud cad pm am est pst gmt utc mon tue tues wed thu thur thurs fri jan feb mar"
    " apr jun jul aug sep sept oct nov dec gotcha qwerty qwertz asdf asdfgh goodmorning"
    " goodnight goodnite nite rma abc css html typeerror"
)
"""Spelled as people chat, and short forms."""

TRADE = (
    "manga mangas mangaka anime animes shonen shounen seinen shojo shoujo josei isekai mecha"
    " kodomo yuri yaoi bl gl otaku weeb weebs waifu chibi kawaii senpai sensei tankobon"
    " tankoubon doujinshi webtoon webtoons manhwa manhua oneshot oneshots artbook artbooks"
    " vizbig viz kodansha shueisha shogakukan kadokawa yen crunchyroll netflix scanlation"
    " scanlations scans furigana kanji romaji romcom romcoms sci fi scifi rpg fanfic fanart"
    " cosplay figurine figurines spoiler spoilers arc arcs paypal klarna visa mastercard amex"
    " maestro gpay applepay venmo afterpay bitcoin btc crypto dogecoin usps ups fedex dhl dpd"
    " gls hermes evri apo fpo amazon ebay zalando ikea spotify uber iphone android google"
    " alexa siri chatgpt gpt openai bot tokyo osaka kyoto nintendo pokemon pokémon café naïve"
    " junji ito urasawa toriyama fujimoto takahashi tezuka otomo inoue miura togashi kishimoto"
    " kubo arakawa isayama asano takehiko naoki kentaro rumiko takumi honkai genshin déjà vu carte"
)
"""Of the trade: kinds of books, publishers, payment, carriers, the names people mention."""

OF_TRADE = frozenset(TRADE.split())
LISTED = frozenset([*CHAT.split(), *TRADE.split()])

MISTYPED = tuple(
    files(__package__).joinpath("common_words.txt").read_text(encoding="utf-8").split()
)
"""What customers write most, and so mistype most: a slip away still counts as English."""

LONG, SHORT = 7, 4
"""From so many letters on, a word may have two slips, or one."""

DRAWN_OUT = re.compile(r"(.)\1{2,}|(.)\2+$")
"""A letter held down: "plsss", "yess"."""


ONE_LETTER = frozenset("aiuxry")
"""Words of one letter, chat's "u", "r", "y" and "x" among them."""


def read_words() -> None:
    """Open the dictionary, which takes half a second, so that no turn waits for it."""
    is_known(ENGLISH, lang=ENGLISH)


@lru_cache(maxsize=8192)
def is_english(word: str) -> bool:
    """Whether a word in small letters is English, be it in chat spelling or with a slip."""
    if _is_listed(word):
        return True
    short = DRAWN_OUT.sub(lambda held: held.group()[0], word)
    return (short != word and _is_listed(short)) or (word.isascii() and _is_slip(word))


def is_spelt(word: str) -> bool:
    """Whether a word in small letters is English as it stands, without a slip."""
    if len(word) == 1:
        return word in ONE_LETTER
    return _is_listed(word)


def is_trade(word: str) -> bool:
    """Whether a word is a brand, a carrier or the like, in whatever case: no title."""
    return word.lower() in OF_TRADE


def _is_listed(word: str) -> bool:
    return word in LISTED or word in WRITTEN_OUT or is_known(word, lang=ENGLISH)


def _is_slip(word: str) -> bool:
    allowed = 2 if len(word) >= LONG else 1 if len(word) >= SHORT else 0
    found = extractOne(word, MISTYPED, scorer=OSA.distance, score_cutoff=allowed)
    return found is not None and found[0][0] == word[0]

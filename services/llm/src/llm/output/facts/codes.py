"""Links, addresses, telephone numbers, and codes: order ids, tracking and invoice numbers."""

import re

from llm.output.facts.fact import Kind

DOMAINS = (
    "com|org|net|io|example|shop|store|co|uk|de|fr|es|it|jp|us|ca|eu|info|biz|me|app|dev|link|ly|to"
    "|gg|xyz|site|online|tv|test|ru|cn|cc|top|click"
)
NOT_CODES = r"\d+(?:st|nd|rd|th|s|x|k|m|cm|mm|g|kg|h|am|pm|min)"


def _address(match: re.Match[str]) -> str:
    written = re.sub(r"\s*[(\[]?\b(?:dot)\b[)\]]?\s*", ".", match.group(), flags=re.IGNORECASE)
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", written, flags=re.IGNORECASE)
    host, slash, path = bare.rstrip(".,;:!?)'\"/").partition("/")
    return host.lower() + slash + path


def _email(match: re.Match[str]) -> str:
    written = re.sub(r"\s*[(\[]?\bat\b[)\]]?\s*", "@", match.group(), flags=re.IGNORECASE)
    return written.rstrip(".").lower()


def _digits(match: re.Match[str]) -> str | None:
    digits = re.sub(r"\D", "", match.group())
    return digits if len(digits) >= 7 else None


def _code(match: re.Match[str]) -> str | None:
    if re.fullmatch(NOT_CODES, match.group(), re.IGNORECASE):
        return None
    return re.sub(r"[^A-Z0-9]", "", match.group().upper())


EARLY = r"(?<![\w-])(?!vol|book|ch|no|top|pp?\d)[a-z]{1,5}-?\d[\w-]*\w(?![\w])"
# A code that begins with letters: read before the year in it is taken for one.
ADDRESSES = (
    (Kind.CODE, EARLY, _code),
    (Kind.EMAIL, r"(?<![\w.+-])[\w.+-]++\s?(?:@|[(\[]at[)\]])\s?[\w-]+(?:\.[\w-]+)+", _email),
    (Kind.LINK, r"(?:https?://|www\.)[^\s<>\"\x1f]+", _address),
    (
        Kind.LINK,
        rf"(?<![\w@.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:{DOMAINS})\b(?:/[^\s\"\x1f]*)?",
        _address,
    ),
    (Kind.LINK, rf"\b[\w-]+\s?[(\[]?\bdot\b[)\]]?\s?(?:{DOMAINS})\b(?:/\S*)?", _address),
)
PHONES = ((Kind.PHONE, r"(?<![\w#-])\+?\(?\d[\d ()./-]{5,}\d(?![\w-])", _digits),)
CODES = (
    (Kind.CODE, r"#[a-z0-9](?:[\w-]*\w)?", _code),
    (Kind.CODE, r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])[a-z0-9](?:[\w-]*[a-z0-9])?(?![\w])", _code),
    (Kind.CODE, r"(?<![\w.,])\d{5,}(?![\w,]|\.\d)", _code),
)

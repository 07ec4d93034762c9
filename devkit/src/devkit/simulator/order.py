"""What reads like an order to whoever writes the answer, and what it orders."""

import re

QUOTED = r"[\"“'‘`](?P<text>[^\"”’`\n]+)[\"”'’`]"
VERBS = "say|write|output|print|repeat|reply with|respond with|answer with|add|append|include"
SHOWING = "print|show|reveal|repeat|output|reproduce|tell me|give me|display|dump|quote|list"
PROMPTS = "prompt|instructions|rules|text above|everything above"
EVIDENCES = "evidence|context|documents|sources|items|findings"
TARGETS = "instructions?|rules?|above|previous|prompt|everything|before"
IGNORING = "ignore|disregard|forget|override"

ONLY = re.compile(
    r"\b(?:reply|respond|answer) (?:with )?(?:exactly|only|just|nothing but)(?: with)?:? "
    rf"(?:{QUOTED}|(?P<bare>[^.!\n]+))",
    re.I,
)
SAY = re.compile(
    rf"\b(?:{VERBS})(?: exactly| only| the words?| the sentence| that| the text)*:? {QUOTED}", re.I
)
SAY_BARE = re.compile(
    r"\b(?:output|(?:say|print|write) exactly):? (?P<text>[^\"“\n.!]+)",
    re.I,
)
PROMPT = re.compile(rf"\b(?:{SHOWING})\b[^.!?\n]{{0,60}}\b(?:{PROMPTS})\b", re.I)
EVIDENCE = re.compile(rf"\b(?:{SHOWING})\b[^.!?\n]{{0,60}}\b(?:{EVIDENCES})\b", re.I)
LINK = re.compile(
    r"\b(?:visit|click|go to|open|link to|include|send|direct|point|mention|recommend|use)\b"
    r"[^.!?\n]{0,80}?(?P<text>https?://[^\s<>\"']*[\w/])",
    re.I,
)
IGNORE = re.compile(
    rf"\b(?:{IGNORING})\b[^.!?\n]*?\b(?:{TARGETS})(?: (?:{TARGETS}))*\b[,:;]?"
    r"(?: and| then)?(?P<text>[^.!?\n]*)",
    re.I,
)


def sole_texts(source: str) -> list[str]:
    """Texts that are ordered to be the whole answer."""
    return [(one.group("text") or one.group("bare")).strip() for one in ONLY.finditer(source)]


def extra_texts(source: str) -> list[str]:
    """Texts that are ordered to be in the answer: words, links, the rest of "ignore … and …"."""
    said = [one.group("text").strip() for each in (SAY, SAY_BARE) for one in each.finditer(source)]
    links = [f"See {one.group('text')}" for one in LINK.finditer(source)]
    rest = (one.group("text").strip(" ,:;") for one in IGNORE.finditer(source))
    return list(dict.fromkeys((*said, *links, *(f"As you say: {text}." for text in rest if text))))

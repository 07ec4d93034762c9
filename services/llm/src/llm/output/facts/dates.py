"""Dates, times of day, durations, and words for a time that only a calendar knows."""

import re

from llm.output.facts.fact import Kind
from llm.output.facts.number import NUMBER, as_text, value_of

MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)"
DAY_NUMBER = r"(?P<day>(?<![\w.,:])\d{1,2}(?:st|nd|rd|th)?(?![\w:]|[.,]\d)|\b(?:first|second)\b)"
HOLIDAY = r"christmas|xmas|new year(?:'s(?: day| eve)?)?|easter|halloween|thanksgiving|black friday"
SPAN = r"week|weekend|month|year|quarter|evening|morning|night|afternoon|(?:working |business )?day"
SEASON = r"spring|summer|autumn|fall|winter"
UNIT = (
    r"(?P<unit>second|minute|hour|day|night|week|fortnight|month|year|decade|century|centurie)s?\b"
)
SOME = r"(?:a few|few|some|several|(?:a )?couple(?: of)?)"
WORKING = r"(?P<working>(?:full |short |whole )?(?:working|business|week) ?)?"
BEFORE = r"(?<=\bin )|(?<=\bwithin )|(?<=\bafter )|(?<=\btakes )|(?<=\btake )|(?<=\bfor )"


def _date(match: re.Match[str]) -> str:
    year = f" {match['year']}" if match["year"] else ""
    return f"{as_text(value_of(match['day']))} {match['month'][:3].lower()}{year}"


def _numeric(match: re.Match[str]) -> str:
    return re.sub(r"\D+", "-", match.group())


def _lower(match: re.Match[str]) -> str:
    return " ".join(match.group().lower().split())


def _weekday(match: re.Match[str]) -> str:
    return match.group().lower()[:3]


def _month(match: re.Match[str]) -> str | None:
    return match["month"][:3].lower() if match["month"][0].isupper() else None


def _time(match: re.Match[str]) -> str:
    hour, half = int(match["hour"]), (match["half"] or "").lower()[:1]
    later = 12 if half == "p" and hour < 12 else -12 if half == "a" and hour == 12 else 0
    return f"{hour + later:02d}:{match['minute'] or '00'}"


def _duration(match: re.Match[str]) -> str | None:
    low = as_text(value_of(match["low"]))
    if low == "1" and match["low"].isalpha() and not match["high"] and match["unit"] == "day":
        return "1 day" if re.search(r"\b(?:within|in|takes?|after) $", _ahead(match)) else None
    high = as_text(value_of(match["high"])) if match["high"] else ""
    return f"{low}-{high} {_unit(match)}" if high else f"{low} {_unit(match)}"


def _vague(match: re.Match[str]) -> str:
    return f"some {_unit(match)}"


def _single(match: re.Match[str]) -> str:
    return f"{'0.5' if match['half'] else '1'} {_unit(match)}"


def _unit(match: re.Match[str]) -> str:
    name = match["unit"].lower().replace("centurie", "century")
    return f"working {name}" if match.groupdict().get("working") else name


def _ahead(match: re.Match[str]) -> str:
    return match.string[: match.start()].lower()


def _midday(match: re.Match[str]) -> str:
    return "12:00" if match.group().lower() == "noon" else "00:00"


_YEAR = r"(?:,? (?P<year>(?:19|20)\d\d)\b)?"
DATES = (
    (Kind.DATE, r"(?<![\w-])(?:19|20)\d\d-\d\d?-\d\d?(?![\w-])", _numeric),
    (Kind.DATE, r"(?<![\w./-])\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}(?![\w/])", _numeric),
    (Kind.DATE, r"(?<![\w./-])\d{1,2}/\d{1,2}(?![\w/])", _numeric),
    (Kind.DATE, rf"{DAY_NUMBER} (?:of )?{MONTH}{_YEAR}", _date),
    (Kind.DATE, rf"\b{MONTH} (?:the )?{DAY_NUMBER}{_YEAR}", _date),
)
TIMES = (
    (
        Kind.TIME,
        r"(?<![\w:])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?: ?(?P<half>[ap])\.?m\b\.?)?",
        _time,
    ),
    (
        Kind.TIME,
        r"(?<![\w:])(?P<hour>\d{1,2})(?P<minute>) ?(?:(?P<half>[ap])\.?m\b\.?|o'clock\b)",
        _time,
    ),
    (Kind.TIME, r"\b(?:noon|midnight)\b", _midday),
)
DURATIONS = (
    (
        Kind.DURATION,
        rf"(?P<low>{NUMBER})(?:(?: ?- ?| to | or | and )(?P<high>{NUMBER}))?[ -]{WORKING}{UNIT}",
        _duration,
    ),
    (Kind.DURATION, rf"\b{SOME} {WORKING}{UNIT}", _vague),
    (Kind.DURATION, rf"(?:{BEFORE})(?P<half>half )?an? {WORKING}{UNIT}", _single),
)
RELATIVE = (
    (Kind.WHEN, r"\b(?:the )?day (?:after tomorrow|before yesterday)\b", _lower),
    (Kind.WHEN, r"\b(?:today|tonight|tomorrow|yesterday|overnight)\b", _lower),
    (
        Kind.WHEN,
        rf"\b(?:next|this|last|coming|following|same) (?:{SPAN}|{SEASON}|{DAY}(?:day)?)\b",
        _lower,
    ),
    (Kind.WHEN, rf"\b(?:end|beginning|start|middle) of (?:the|this|next) (?:{SPAN})\b", _lower),
    (Kind.WHEN, rf"\b(?:by|before|until|on|this|next|after|around) (?:{HOLIDAY})\b", _lower),
    (Kind.WHEN, r"\b(?:any day now|later today|in no time)\b", _lower),
    (Kind.WHEN, rf"\b{DAY}days?\b", _weekday),
    (
        Kind.WHEN,
        rf"\b(?:in|by|until|since|from|before|after|early|late|mid|next|this|last) {MONTH}",
        _month,
    ),
)

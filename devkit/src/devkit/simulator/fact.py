"""What counts as a fact in a text, kind by kind."""

import re

MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
DATES = (
    r"\d{4}-\d\d-\d\d",
    rf"\d{{1,2}} {MONTH}\b(?: \d{{4}})?",
    rf"{MONTH} \d{{1,2}}\b(?:, \d{{4}})?",
)
FACT = re.compile(
    r"(?P<link>https?://[^\s<>\"']*[\w/])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    rf"|(?P<date>{'|'.join(DATES)})"
    r"|(?P<amount>[$€£¥] ?\d[\d,]*(?:\.\d+)?)"
    r"|(?P<id>#\w+|\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]{4,}\b)"
    r"|(?P<volume>\b[Vv]ol(?:ume|\.) \d+)"
    r"|(?P<duration>\b\d+ (?:working |business )?(?:days?|weeks?|months?|hours?)\b)"
    r"|(?P<count>\b\d{1,3} [a-z]{3,}\b)"
)
"""Links, addresses, dates, amounts, codes, volumes, durations, and numbers of things."""

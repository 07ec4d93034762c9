"""What the network hears of a turn in its session: the turn behind what was said last.

Behind what it answers, a fragment reads like the turn it stands for: "which order is it from? PLM
771". The network was taught single turns alone; what it makes of these the reader learns.
"""

from events.context import Context

MOST = 220
"""Characters of the turn and the words before it together: some 55 tokens, and a long turn more."""
LEAST = 70
"""Characters of what was said before that a long turn leaves."""
SAID, REPLIED = 0.4, 0.6
"""How the customer's and the shop's words share the room."""


def heard(context: Context, text: str) -> str:
    """The customer's last words, the shop's reply, the turn. The turn alone after nothing."""
    if not context.recent:
        return text
    last, room = context.recent[-1], max(LEAST, MOST - len(text))
    parts = (end_of(last.said, round(room * SAID)), end_of(last.replied, round(room * REPLIED)))
    return " ".join(filter(None, (*parts, text)))


def end_of(words: str, most: int) -> str:
    """The last characters of what was said, from a whole word on: questions stand at the end."""
    if len(words) <= most:
        return words
    cut = words[-most:]
    return cut[cut.find(" ") + 1 :]

"""Asks the model about each text of a turn once, however many want to know."""

from classifier.model import Ask, Posterior


def once(ask: Ask) -> Ask:
    """The same question, whose answers are kept. For one turn: nothing is ever forgotten."""
    known: dict[str, Posterior] = {}

    async def answer(text: str) -> Posterior:
        if text not in known:
            known[text] = await ask(text)
        return known[text]

    return answer

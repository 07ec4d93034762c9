"""Turns to be judged: drawn by a seed from the catalogue, the policies and the texts of returns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from devkit.profiles.plain import PlainTexts
from events.route import Finding
from events.task import Task
from events.turn import Turn
from playbook.policy import Policy
from playbook.series import Series
from playbook.shop import Shop
from rag.books.stock import Copy, Stock
from rag.desk import Desk
from rag.evidence import series_finding, stock_finding

SESSION = "profiles"
CANDIDATES = 8
IN_STOCK = 0.8
DUE = date(2026, 12, 9)
WISHES = (
    "I'm looking for something like {title} but less violent",
    "What should I read after {title}?",
    "something with the mood of {title}, finished please",
    "A gift for my niece who is {age} and liked {title}",
    "I loved {title}. Recommend me something shorter",
)
QUESTIONS = (
    "Who wrote {title}?",
    "What is {title} about?",
    "Is {title} finished and how many volumes are there?",
    "What happens in volume {volume} of {title}?",
    "Tell me about {title} volume {volume}",
    "How violent is {title}?",
    "What does volume {volume} of {title} cost, and is it in stock?",
    "When did {title} begin?",
)
COMPLAINTS = (
    "Help me return this, my husband bought the wrong volume",
    "the second torn book you send me, I am really annoyed",
    "I want to send this back",
    "I ordered it twice by mistake, can one go back",
    "it came late and the corner is bent",
    "thanks, and now?",
)


@dataclass(frozen=True)
class Case:
    """One turn with its task. `planted` is an order that somebody hid in it, if any."""

    turn: Turn
    task: Task
    planted: str = ""


class Cases:
    """Draws cases; the same for the same seed."""

    def __init__(self, shop: Shop, catalogue: Sequence[Series], seed: int) -> None:
        self._policies = tuple(shop.policies.values())
        self._catalogue = catalogue
        self._chance = Random(seed)
        self._desk = Desk(shop.renderer)
        self._texts = PlainTexts(shop, catalogue, self._chance)

    def draw(self, count: int) -> list[Case]:
        """So many cases: of ten, four to answer, three to compose, three to warm."""
        kinds: Sequence[Callable[[], Case]] = (
            *(self.answer,) * 4,
            *(self.compose, self.compose, self.policy),
            *(self.warm,) * 3,
        )
        return [kinds[number % len(kinds)]() for number in range(count)]

    def answer(self) -> Case:
        """A wish for something to read, with the series that came nearest and a list to fall to."""
        seed = self._chance.choice(self._catalogue)
        near = sorted(self._catalogue, key=lambda one: -len({*one.genres} & {*seed.genres}))
        chosen = self._chance.sample(near[1 : 4 * CANDIDATES], CANDIDATES)
        wish = self._chance.choice(WISHES).format(title=seed.title, age=self._chance.randint(6, 17))
        found = tuple(series_finding(one, 1 - place / 20) for place, one in enumerate(chosen))
        return self._case(Task.ANSWER, wish, found, self._desk.picks(chosen[:3], [seed]))

    def compose(self) -> Case:
        """A question about one series, with its facts and a policy that is beside the point."""
        one = self._chance.choice([one for one in self._catalogue if one.arcs and one.volumes])
        volume = self._chance.randint(1, one.volumes or 1)
        asked = self._chance.choice(QUESTIONS).format(title=one.title, volume=volume)
        found = (series_finding(one), self._stock(one, volume), self._beside())
        return self._case(Task.COMPOSE, asked, found, self._desk.about(one, volume, None))

    def policy(self) -> Case:
        """A question about the shop, with the policy that answers it and another."""
        policy = self._chance.choice(self._policies)
        found = (policy_finding(policy, 0.9), self._beside())
        return self._case(Task.COMPOSE, self._chance.choice(policy.asks), found, policy.text)

    def warm(self) -> Case:
        """A complaint, and the plain text of a step of a return."""
        said = self._chance.choice(COMPLAINTS)
        return self._case(Task.WARM, said, (), self._texts.draw())

    def _beside(self) -> Finding:
        return policy_finding(self._chance.choice(self._policies), 0.4)

    def _stock(self, one: Series, volume: int) -> Finding:
        copies = tuple(
            Copy(
                volume=number,
                price_cents=self._chance.randrange(799, 2999, 50),
                available=self._chance.random() < IN_STOCK,
                due_on=DUE if self._chance.random() < IN_STOCK else None,
            )
            for number in range(1, (one.volumes or 1) + 1)
        )
        asked = self._chance.choice((volume, None))
        return stock_finding(one, Stock(copies=copies), asked)

    def _case(self, task: Task, said: str, found: tuple[Finding, ...], fallback: str) -> Case:
        return Case(make_turn(said, found, fallback), task)


def make_turn(said: str, found: tuple[Finding, ...], fallback: str) -> Turn:
    """A turn as the models' tier receives it."""
    turn = Turn(session_id=SESSION, turn_id=SESSION, text=said, envelope="-", asked_at=1)
    reply = turn.reply(fallback)
    return turn.model_copy(update={"findings": found, "fallback": reply})


def policy_finding(policy: Policy, score: float) -> Finding:
    """A policy in its own words."""
    return Finding(kind="policy", ref=policy.id, title=policy.title, text=policy.text, score=score)

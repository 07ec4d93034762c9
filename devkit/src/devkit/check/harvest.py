"""Plants every kind of error into a run, one after the other, and sees that the books find it."""

from dataclasses import dataclass

from devkit.check.books import balance
from devkit.check.papers import Papers
from devkit.check.plant import TURNS
from devkit.check.plant_models import MODELS
from devkit.check.plant_readers import READERS
from devkit.check.planting import NothingToPlant, Plant

PLANTS: tuple[Plant, ...] = (*TURNS, *MODELS, *READERS)


@dataclass(frozen=True)
class Harvest:
    """Whether a planted error was found, and what the book says of it."""

    plant: Plant
    found: bool
    says: str


def suited(papers: Papers) -> tuple[Plant, ...]:
    """The errors that a run of this kind can hold: those of models only where one was called."""
    return PLANTS if papers.purse.calls else TURNS


def _harvest(papers: Papers, plant: Plant, before: frozenset[str]) -> Harvest:
    try:
        after = balance(plant.change(papers))[plant.book].offenders
    except NothingToPlant as nothing:
        return Harvest(plant, found=False, says=f"not planted: {nothing}")
    new = [offender for offender in after if offender not in before]
    return Harvest(plant, found=bool(new), says=new[0] if new else "not found")


def harvest(papers: Papers) -> tuple[Harvest, ...]:
    """Plant each error in turn, and say whether the book that must find it does. Pure."""
    books = balance(papers)
    return tuple(_harvest(papers, p, frozenset(books[p.book].offenders)) for p in suited(papers))

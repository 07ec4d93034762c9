"""Does the rubric find the cheapest tier that passes? Each use case is left out in turn.

A use case's examples are dealt into two halves. The rubric sees the first half, and the other use
cases' corpus. Then every tier is tried on the second half, having learnt from the first: the
cheapest that errs no oftener than the harm allows is the right one. Neither step reads the use
case's own file.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from rich.table import Table

from devkit.rubric.assess import Setting, assess, ground, harm_of, tolerated
from devkit.rubric.example import Example, read_examples
from devkit.rubric.serve import wrong
from devkit.rubric.table import EXAMPLES
from devkit.rubric.value import Offer, cheapest_that_passes, offers

LEAST_RIGHT = 6


@dataclass(frozen=True)
class Result:
    """One use case. `right` is the cheapest tier that passes on the second half, if any does.

    `shares` are the shares of wrong answers there by tier, the model's assumed slips added.
    """

    name: str
    examples: int
    error_target: float
    bits: float
    proposed: str
    right: str | None
    shares: dict[str, float]

    @property
    def agrees(self) -> bool:
        """Whether the proposal is that tier."""
        return self.proposed == self.right


def run(setting: Setting, tell: Callable[[str], None]) -> list[Result]:
    """Every use case with examples, in alphabetical order."""
    results = []
    for file in sorted((setting.playbook / EXAMPLES).glob("*.jsonl")):
        results.append(left_out(file.stem, read_examples(file), setting))
        tell(f"{file.stem}: {results[-1].proposed}, right is {results[-1].right}")
    return results


def left_out(name: str, examples: Sequence[Example], setting: Setting) -> Result:
    """Propose on one half, judge on the other."""
    seen, unseen = halves(len(examples), setting.seed)
    found = assess([examples[n] for n in seen], name, setting)
    known = ground(examples, setting)
    harm = harm_of(examples, None)
    target = tolerated(harm, setting.shop.risk_usd)
    tried = offers(wrong(known, seen, unseen), harm, setting.assumed, setting.shop.prices)
    best: Offer | None = cheapest_that_passes(tried, target)
    return Result(
        name=name,
        examples=len(examples),
        error_target=target,
        bits=found.by_row.bits,
        proposed=found.choice.tier.value,
        right=best.tier.value if best else None,
        shares={one.tier.value: one.measured for one in tried},
    )


def halves(count: int, seed: int) -> tuple[list[int], list[int]]:
    """Two random halves of the numbers below `count`; the first has the odd one."""
    order = np.random.default_rng(seed).permutation(count).tolist()
    middle = (count + 1) // 2
    return sorted(order[:middle]), sorted(order[middle:])


def good(results: Sequence[Result]) -> bool:
    """Whether enough agree."""
    return sum(one.agrees for one in results) >= LEAST_RIGHT


def verdict(results: Sequence[Result]) -> str:
    """How many agree, as a sentence."""
    return f"{sum(one.agrees for one in results)} of {len(results)} are the cheapest that passes"


def shown(results: Sequence[Result]) -> Table:
    """A table with the wrong shares of each tier on the second half."""
    table = Table(title=verdict(results))
    for name in ("use case", "n", "bits", "tolerated", "template", "order", "rag", "llm"):
        table.add_column(name, justify="left" if name == "use case" else "right")
    table.add_column("cheapest that passes")
    table.add_column("proposed")
    for one in results:
        shares = (f"{share:.0%}" for share in one.shares.values())
        target = f"{one.error_target:.1%}"
        table.add_row(
            one.name,
            str(one.examples),
            f"{one.bits:.2f}",
            target,
            *shares,
            one.right or "none",
            one.proposed + ("" if one.agrees else " ✗"),
        )
    return table


def record(results: Sequence[Result], setting: Setting) -> list[Path]:
    """Write the evidence, where this release has a place for it."""
    if find_spec("devkit.evidence") is None:
        return []
    folder = setting.playbook / EXAMPLES
    files = [folder / f"{one.name}.jsonl" for one in results]
    data = {str(file): sha256(file.read_bytes()).hexdigest() for file in files}
    figures = {
        "agree": sum(one.agrees for one in results),
        "use_cases": len(results),
        "rows": [asdict(one) for one in results],
    }
    written = import_module("devkit.evidence").write(
        "rubric_heldout", figures, data=data, seed=setting.seed
    )
    return [Path(written)]

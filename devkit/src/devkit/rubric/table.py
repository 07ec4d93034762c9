"""The generated table: use case → prior → tier → model → cost → P99."""

from pathlib import Path

from devkit.errors import DevkitError
from devkit.rubric.assess import Setting, ground
from devkit.rubric.entropy import entropy
from devkit.rubric.example import read_examples
from playbook.use_case import UseCase

BEGIN = "<!-- begin: tierwise rubric table --write -->"
END = "<!-- end -->"
HEAD = (
    "| use case | prior | of the answer's form, given words and row | tier | model | cost | P99 |",
    "|---|---|---|---|---|---|---|",
)
EXAMPLES = Path("rubric") / "examples"


def markdown(setting: Setting) -> str:
    """The table. The prior in bits is measured where `rubric/examples/` has the use case."""
    rows = [_row(case, setting) for _, case in sorted(setting.shop.use_cases.items())]
    return "\n".join((*HEAD, *rows))


def _row(case: UseCase, setting: Setting) -> str:
    return (
        f"| {case.id} | {case.prior} | {measured(case.id, setting)} | {case.tier} | "
        f"{case.model or 'none'} | ${case.cost_usd:.4f} | {case.p99_ms:,} ms |"
    )


def measured(name: str, setting: Setting) -> str:
    """The prior in bits with its interval, or that nobody measured it."""
    file = setting.playbook / EXAMPLES / f"{name}.jsonl"
    if not file.is_file():
        return "not measured"
    examples = read_examples(file)
    if len(examples) < setting.assumed.least_examples:
        return "not enough examples"
    return str(entropy(ground(examples, setting), with_row=True, seed=setting.seed))


def write(page: Path, made: str) -> None:
    """Put the table between its marks. Raises DevkitError where a mark is missing."""
    before, _, after = _parts(page)
    page.write_text(f"{before}{BEGIN}\n{made}\n{END}{after}", encoding="utf-8")


def check(page: Path, made: str) -> None:
    """Raises DevkitError where the page's table is not this one."""
    if _parts(page)[1].strip() != made.strip():
        raise DevkitError(f"{page.name} is out of date: run `tierwise rubric table --write`.")


def _parts(page: Path) -> tuple[str, str, str]:
    before, begun, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    inside, ended, after = rest.partition(END)
    if not begun or not ended:
        raise DevkitError(f"{page.name} lacks the marks {BEGIN} and {END}: put them back.")
    return before, inside, after

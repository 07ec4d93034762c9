"""A few turns before the load: the first of a process meets what is opened, loaded and cached."""

from devkit.check.account import Expected
from devkit.check.fault.field import Field
from devkit.check.mix import BY_MODELS, Mix

EACH = 6
"""Of each kind: enough that each replica gets some, one after the other."""


async def warmed(field: Field, mix: Mix) -> None:
    """Say them and wait for their answers, whatever these are."""
    kinds = sorted(BY_MODELS) if mix.modelled else []
    for kind in kinds * EACH:
        text, expected = field.lines.of(kind, field.dice)
        any_answer = Expected(status=None, use_case=expected.use_case)
        turn = field.fresh(f"warm-{kind}", text=text, expected=any_answer)
        await field.driver.say(turn)
        await field.answer(turn)

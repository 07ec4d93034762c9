"""The real playbook, loaded once for all tests that need it."""

from functools import cache
from pathlib import Path

from playbook.shop import Shop, load_shop

PLAYBOOK = Path(__file__).parents[2] / "playbook"


@cache
def shop() -> Shop:
    return load_shop(PLAYBOOK)

"""`tierwise check`: drives a load, puts faults on the stack, balances the books."""

from devkit.check.command import app

__all__ = ["app"]

"""`tierwise router exam`: how the whole router does on labelled turns that it has not seen."""

from devkit.exam.command import exam

__all__ = ["exam"]

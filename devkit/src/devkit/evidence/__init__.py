"""Figures that were measured, kept with what they were measured on."""

from devkit.evidence.record import Record, read
from devkit.evidence.writing import write

__all__ = ["Record", "read", "write"]

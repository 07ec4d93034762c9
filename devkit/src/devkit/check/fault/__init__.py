"""Faults, one module each, found by number in the registry."""

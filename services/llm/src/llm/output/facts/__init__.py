"""Reads what a text tells that can be right or wrong, and how else it is written."""

"""Fits the classifier's reader: what a turn means after what was said before."""

"""Judges a trained classifier on labelled utterances of any kind."""

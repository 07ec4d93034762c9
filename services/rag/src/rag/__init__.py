"""Retrieval over catalogue and policies: structured facts by template, evidence for the models."""

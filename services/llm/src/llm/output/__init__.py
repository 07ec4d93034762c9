"""The output guard: what a model wrote, held against the evidence."""

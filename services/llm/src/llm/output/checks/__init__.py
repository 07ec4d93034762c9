"""The single checks of the output guard: each yields what a sentence has wrong."""

"""Claims, calls and what they cost."""

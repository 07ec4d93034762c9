"""A learned second look at a turn before which something was said."""

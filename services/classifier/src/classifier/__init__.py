"""Owner of a session's order and of its turns' decisions."""

"""What a turn means after the ones before it: an answer, a choice, the same again, or "it"."""

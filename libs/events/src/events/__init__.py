"""The vocabulary of a conversation: turn, route, reply, decision, topics, wire format."""

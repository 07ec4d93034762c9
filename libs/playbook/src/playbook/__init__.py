"""Reads what the shop decides: use cases, rules, templates, policies, frontends."""

"""Answers from the playbook's templates."""

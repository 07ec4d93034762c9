"""What an operator asks of a running system; docs/runbook.md says when."""

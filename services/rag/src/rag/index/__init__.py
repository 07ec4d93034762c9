"""The index: built in versions behind an alias, and read into memory."""

"""What to read: wishes, tastes and candidates."""

"""What is asked about a book, and the answer by a field."""

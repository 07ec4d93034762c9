"""The dialogue that ends in a return: which order, which books, why, and what for."""

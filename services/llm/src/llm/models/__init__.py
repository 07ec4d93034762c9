"""The models: how they are called, limited and left alone."""

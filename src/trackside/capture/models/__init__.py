"""The models that a cell trains: which they are, and what they are made of."""

"""The notebook that a kernel belongs to: where it is, how it stood, and what its kernel holds."""

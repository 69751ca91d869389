"""Runs a run's cells again, in a fresh kernel and a store of their own, and tells whether the same comes out."""

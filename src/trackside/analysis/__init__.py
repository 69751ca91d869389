"""Turns runs into decisions: whether they may be compared at all, and whether one is better than another."""

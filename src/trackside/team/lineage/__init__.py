"""Lineage: from data by cells and runs to versions of models and their stages, and back."""

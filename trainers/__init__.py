"""Trainers for PyX, run from the checkout; they read published rows."""

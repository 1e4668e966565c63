"""Costs as ratios, and the oracles that traces are held against."""

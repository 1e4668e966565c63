"""Run code that nobody has read."""

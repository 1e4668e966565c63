"""Understand free prose, and hold it against a run."""

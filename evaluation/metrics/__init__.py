"""Metrics that `evaluate.load` takes by path; each folder is complete and can become a Space."""

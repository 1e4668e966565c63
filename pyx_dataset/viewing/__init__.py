"""A built data set as pages to look at: rows, traces step by step, monologues claim by claim."""

"""A task folder for the LM Evaluation Harness (``--include_path``)."""

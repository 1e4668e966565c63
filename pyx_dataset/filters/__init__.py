"""Keep or reject, with a reason."""

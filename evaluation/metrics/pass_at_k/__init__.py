"""The `pass_at_k` metric."""

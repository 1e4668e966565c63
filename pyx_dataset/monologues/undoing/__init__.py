"""From a result back to what it came from."""

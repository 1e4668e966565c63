"""Say what a trace shows, and check what was said."""

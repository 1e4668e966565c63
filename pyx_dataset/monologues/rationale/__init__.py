"""Say why a broken program fails and how to mend it, and check what was said."""

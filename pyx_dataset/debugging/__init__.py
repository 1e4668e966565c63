"""Break verified programs by one edit each, and find where their runs part from the right ones."""

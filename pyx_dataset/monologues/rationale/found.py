"""What a check of a fact says."""

Found = tuple[bool, str]
"""Whether it holds, and what was found."""


def equal(found: object, said: object) -> Found:
    """Hold what is said against what was found."""
    return found == said, str(found)

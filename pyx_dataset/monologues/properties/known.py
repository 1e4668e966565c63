"""What is known of a call that was run: its arguments by name, and what it gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A call that was run."""

    call: str
    arguments: Mapping[str, Any]
    """By parameter, defaults included where they are literals."""
    texts: Mapping[str, str]
    """The arguments in their canonical form."""
    value: Any
    """None also for a call that raised."""
    text: str | None
    """The canonical value; None for a call that raised."""
    exception: str
    """Its type; empty if the call returned."""

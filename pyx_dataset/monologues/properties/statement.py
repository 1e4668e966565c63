"""A statement about all known calls of a program, and what those say about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pyx_dataset.monologues.properties.known import Known


@dataclass(frozen=True, slots=True)
class Found:
    """What the known calls say about a statement."""

    holds: bool
    count: int
    """Calls, or pairs of calls, that it was held against."""
    is_telling: bool
    """Could it have been otherwise? That every empty list is sorted is no news."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that may hold in all known calls."""

    words: str
    unit: str
    """What is counted: ``known calls``, ``pairs of known calls that differ only in it``."""
    weight: int
    group: str
    subject: str
    """The parameter it is about; empty if none."""
    test: Callable[[Sequence[Known]], Found]

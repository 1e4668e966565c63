"""The records of broken programs, which `Bundle` of `pyx_dataset.schema` holds."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where the run of a broken program parts from the run of the right one, on one call."""

    step: int
    """Index of the first step that differs, into the trace of the broken program."""
    fixed_step: int
    """The step of the right program that stands in its place."""


@dataclass(frozen=True, slots=True)
class Rationale:
    """How a bug is found and mended, in words, with what checking found of them."""

    text: str
    """The three headed sections, without tags and without the mended program."""
    confirmed: int
    """Claims that hold; a kept rationale has none that is contradicted."""
    unchecked: int


@dataclass(frozen=True, slots=True)
class Debugged:
    """A verified program broken by one edit, and the reasoning that mends it."""

    id: str
    program_id: str
    operator: str
    """The kind of edit that broke it."""
    code: str
    """The broken program."""
    line: int
    """First line of `code` that differs from the program."""
    failing: tuple[str, ...]
    """Executions of the program that the broken one gets wrong; the first is told."""
    passing: tuple[str, ...]
    """Executions that it gets right."""
    outcome: Literal["returned", "raised"]
    """How the call that is told ends in the broken program, and so `value` and `exception`."""
    value: str | None
    exception: str | None
    divergence: Divergence
    divergence_line: int
    """Line of the first step that differs, in `code`."""
    rationale: Rationale

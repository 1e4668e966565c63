"""The records of broken programs, which `Bundle` of `pyx_dataset.schema` holds."""

from dataclasses import dataclass
from typing import Literal

from pyx_dataset.lessons import NARRATOR


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where the run of a broken program parts from the run of the right one, on one call."""

    step: int
    """Index of the first step that differs, into the trace of the broken program."""
    fixed_step: int
    """The step of the right program that stands in its place."""
    is_aligned: bool = True
    """False where the programs share too little to be walked side by side: then both steps are
    the ones with which the call ends."""


@dataclass(frozen=True, slots=True)
class Rationale:
    """How a bug is found and mended, in words, with what checking found of them."""

    text: str
    """The three headed sections, without tags and without the mended program."""
    confirmed: int
    """Claims that hold; a kept rationale has none that is contradicted."""
    unchecked: int
    teacher: str = NARRATOR
    """Who wrote it: the narrator, or a model."""
    prompt_hash: str = ""
    """Of the prompt file that the model was asked with."""


@dataclass(frozen=True, slots=True)
class Debugged:
    """A broken version of a verified program, and the reasoning that mends it."""

    id: str
    program_id: str
    operator: str
    """The kind of edit that broke it; ``model`` where a model's own program is wrong."""
    code: str
    """The broken program."""
    refined: str
    """The right program that it is held against and that the rationale leads to: for an edit of
    ours the verified program, else one that gives the same in all its executions."""
    line: int
    """First line of `code` that differs from `refined`."""
    lines: tuple[int, ...]
    """All lines of `code` that `refined` lacks or has otherwise."""
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
    writer: str = ""
    """The model that wrote `code`; empty where an edit of ours broke it."""
    writer_hash: str = ""
    """Of the prompt file that it was asked with."""

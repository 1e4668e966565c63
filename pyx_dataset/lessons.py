"""What teachers wrote and what failed, as records that travel with a program.

The teacher is the narrator, which tells a trace in words, or a language model that was asked.
"""

from dataclasses import dataclass
from typing import Literal

Task = Literal["forward", "backward", "nl2code", "debug"]
NARRATOR = "narrator"
"""The teacher that is no language model."""
WRITTEN = "model"
"""The operator of a bug that no edit of ours made: the program is a model's own."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A program that a language model wrote for a task and that failed when it was run."""

    code: str
    reason: str
    """A key of `REASONS`."""
    detail: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that failed a check, kept as the worse one of two to the same prompt."""

    task: Task
    execution_id: str
    """The execution that is asked about; empty for ``nl2code``."""
    completion: str
    """The whole answer, with whatever tags it has."""
    reason: str
    """A key of `REASONS`."""
    detail: str
    """The contradicted claim and what was found, or another sentence that says why."""
    teacher: str
    """Who wrote it: a model, or the narrator where one of its monologues was spoiled."""
    prompt_hash: str = ""
    bug_id: str = ""
    """Of ``debug``: the bug that is asked about."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a model was asked for, and what of it was kept."""

    task: str
    asked: int
    accepted: int
    """Answers kept; of ``inputs`` the calls."""
    tokens_in: int
    tokens_out: int

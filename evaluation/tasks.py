"""What can be asked: to predict a call, or to write a program."""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["output", "input"]


@dataclass(frozen=True, slots=True)
class CallTask:
    """One call of a program: predict its value, or an input that gives the value."""

    id: str
    program: str
    """Calls of one program are not independent, so they form one cluster."""
    mode: Mode
    code: str
    entry_point: str
    call: str
    value: str


@dataclass(frozen=True, slots=True)
class ProgramTask:
    """A program to write, and the tests it has to pass."""

    id: str
    program: str
    text: str
    """What the model is told."""
    entry_point: str | None
    """None: the tests say which function they call."""
    setup: str
    """Trusted source that the tests stand on: imports and helpers."""
    stem: str
    """Start of the program that the text gives away; an answer may go on from it."""
    test: str
    solution: str
    fault: str = ""
    """A program that fails a test, in the layout of PYX-R, where one is to be mended."""


Task = CallTask | ProgramTask

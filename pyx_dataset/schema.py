"""The records that travel through the build.

    Seed -> Program -> Execution (with its Trace) -> Monologue -> published rows

Line numbers are 1-based lines of `Program.code`. Values are canonical text: the ``repr`` of
plain data with sets sorted and no addresses (`pyx_dataset.traces.values`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pyx_dataset.debug_schema import Debugged
from pyx_dataset.lessons import NARRATOR, Attempt, Refused

SCHEMA_VERSION = "1.2.0"

Direction = Literal["forward", "backward"]
Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")


class Outcome(StrEnum):
    """How one call ended. Trouble of the sandbox itself is a `SandboxError`, never an outcome."""

    RETURNED = "returned"
    """It returned plain data, which is in `value`."""
    RAISED = "raised"
    """An exception left the call; `exception` is its type, message and line."""
    TIMED_OUT = "timed_out"
    """It used up `Limits.cpu_s`, or `Limits.wall_s` behind it."""
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    """The process died: a signal, or an exit the program chose."""
    NO_RESULT = "no_result"
    """It returned something that is not plain data, so there is nothing to compare."""
    TOO_LONG = "too_long"
    """The trace, the value or the output passed its limit. Never cut, always said."""
    FORBIDDEN = "forbidden"
    """It tried what the sandbox denies: files, network, processes."""
    INVALID = "invalid"
    """The code does not compile or load, or the call is not a call."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a program came from."""

    distribution: str
    """Name on the package index, ``"python"`` for the standard library, or the folder's name."""
    version: str
    license: str
    """SPDX expression."""
    path: str
    """Path inside the distribution, never of this machine."""
    line: int


@dataclass(frozen=True, slots=True)
class Example:
    """A documented call, from a doctest or an assertion."""

    call: str
    """``"f(1, 2)"``, literal arguments only."""
    value: str | None
    """The documented result, a literal; None if it documents none."""


@dataclass(frozen=True, slots=True)
class Seed:
    """One function lifted out of real code together with everything it needs."""

    source: Source
    code: str
    """Self-contained source, no doctests in it; ends in a newline."""
    entry_point: str
    signature: str
    """``"f(xs: list[int], k: int = 1) -> int"``."""
    instruction: str
    """What the function is for, in the author's words (docstring prose); may be empty."""
    examples: tuple[Example, ...] = ()
    teacher: str = ""
    """The model that wrote task and program after a snippet of `source`; empty: people did."""
    prompt_hash: str = ""
    """Of the prompt file that it was asked with."""
    failed: tuple[Attempt, ...] = ()
    """What it wrote for the same task before."""


@dataclass(frozen=True, slots=True)
class Program:
    """A seed that got an identity."""

    id: str
    """Hash of the code and entry point."""
    family: str
    """Programs that share a function share a family, and a family never crosses splits."""
    split: Split
    seed: Seed
    proposals: tuple[str, ...] = ()
    """Calls that a teacher proposed; they are tried first."""


@dataclass(frozen=True, slots=True)
class Change:
    """A variable that got another value."""

    name: str
    value: str


Event = Literal["call", "line", "return", "exception"]
EVENTS: tuple[Event, ...] = ("call", "line", "return", "exception")


@dataclass(frozen=True, slots=True)
class Step:
    """
    One thing that happened, in order.

    ``call``: a function was entered; `line` is its ``def``, `changed` its arguments.
    ``line``: `line` ran; `changed` is what that line changed in its frame.
    ``return``: the frame ended on `line`; `value` is what it returned.
    ``exception``: an exception left the frame at `line`; `value` is ``"Type: message"``.

    Comprehensions, generator expressions and lambdas belong to the line that runs them.
    """

    line: int
    event: Event
    depth: int
    """0 for the called function, 1 for a function it calls, and so on."""
    function: str
    changed: tuple[Change, ...] = ()
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """
    A sub-expression and what it gave, one time that it was evaluated.

    Constants, bare names and the called name itself are no parts. The variables of a
    comprehension are one, each time a pass begins (``k, v`` in ``for k, v in pairs``), and so
    are the parameters of a lambda, each time it is called.
    """

    step: int
    """Index into `Trace.steps`: the ``line`` (or ``call``) step during which it was evaluated."""
    line: int
    """Where it begins in the code."""
    column: int
    """Characters before it in that line."""
    text: str
    """As it stands in the code, parentheses around it aside."""
    value: str | None
    """As the values of steps are written; None if too long. Of a chain in ``if``, its truth."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What one call did, from its ``call`` step to its ``return`` or ``exception`` step."""

    code: str
    call: str
    outcome: Outcome
    value: str | None
    exception: str | None
    steps: tuple[Step, ...]
    parts: tuple[Part, ...] | None = None
    """In the order in which they got their values; None if nobody asked or `no_parts` says why."""
    no_parts: str | None = None


@dataclass(frozen=True, slots=True)
class Execution:
    """One verified call of a program."""

    id: str
    program_id: str
    trace: Trace
    is_deterministic: bool


ClaimKind = Literal["binds", "value", "branch", "loop", "returns", "raises", "answer", "unchanged",
                    "resumes"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """
    A statement of a monologue that a trace can confirm or contradict.

    `kind` says what `subject` and `value` mean:

    ========= ===================== ==============================================
    kind      subject               value
    ========= ===================== ==============================================
    binds     parameter or loop var its canonical value on entry / in this pass
    value     variable              its canonical value after `line` ran
    unchanged variable              its canonical value, same before and after
    branch    ``""``                ``"True"`` or ``"False"``: is the block entered
    loop      ``""``                how many passes the loop at `line` makes
    returns   function              the canonical value it returns
    raises    function              the exception's type
    answer    the call              the canonical final value
    resumes   generator             ``""``: it goes on at `line`
    ========= ===================== ==============================================
    """

    kind: ClaimKind
    subject: str
    value: str
    line: int | None
    """Line of the program, without the label offset; None if the text names none."""
    text: str
    """The words that make the claim."""


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim and the step it was held against."""

    claim: Claim
    step: int | None
    """Index into `Trace.steps`."""
    found: str | None
    """What the trace says, where it disagrees."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Every claim of one monologue, sorted by what the trace says about it."""

    confirmed: tuple[CheckedClaim, ...]
    contradicted: tuple[CheckedClaim, ...]
    unchecked: tuple[CheckedClaim, ...]


@dataclass(frozen=True, slots=True)
class Monologue:
    """Reasoning in words about one call, every claim of it checked."""

    direction: Direction
    text: str
    """The four headed sections, without tags and without the answer."""
    answer: str
    """``"assert f([3, 1]) == [1, 3]"``: forward the executed value, backward the derived call."""
    claims: tuple[Claim, ...]
    supposed: int = 0
    """Backward: arguments whose value is tried, not deduced from the output."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that was dropped, and why."""

    stage: str
    """Where: ``seeds``, ``calls``, ``programs``, ``forward``, ``debug``, ``taught inputs`` ..."""
    reason: str
    """A key of `REASONS`."""
    subject: str
    """What was dropped: a qualified name, a program id, a call."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A monologue that was kept, with the execution it tells and how its claims fared."""

    execution_id: str
    monologue: Monologue
    confirmed: int
    """Claims that the trace confirms; a kept monologue has none that it contradicts."""
    unchecked: int
    teacher: str = NARRATOR
    """Who wrote it: the narrator, or a model."""
    prompt_hash: str = ""
    """Of the prompt file that the model was asked with."""
    sample: int = 0
    """Which of the model's answers to one prompt it is."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything that was kept of one program: what a shard holds and the export reads."""

    program: Program
    coverage: float
    """Share of the program's executable lines that the kept executions ran, 0 to 1."""
    branch_coverage: float
    """Share of its branches that they took, 0 to 1; see `pyx_dataset.traces.coverage`."""
    executions: tuple[Execution, ...]
    forward: tuple[Told, ...]
    backward: tuple[Told, ...]
    isolation: str
    """Weakest sandbox level any of its runs had: ``strong``, ``no-files`` or ``weak``."""
    debugged: tuple[Debugged, ...] = ()
    refused: tuple[Refused, ...] = ()
    """Answers that failed a check, the narrator's spoiled ones among them."""

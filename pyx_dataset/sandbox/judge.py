"""Run assert-style tests so that the candidate cannot reach the verdict.

The tests run in one sandboxed process and the candidate in another, on a worker that has never
seen a test. Here the messages between the two are passed on, and nothing else.
"""

import ast
import builtins
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pyx_dataset.config import Limits
from pyx_dataset.errors import InputError
from pyx_dataset.sandbox import frames
from pyx_dataset.sandbox.foresee import Question, foreseen, parsed
from pyx_dataset.sandbox.link import DOUBT, Link, Report
from pyx_dataset.sandbox.pool import Sandbox, Session, retried
from pyx_dataset.sandbox.results import CallResult, read_result
from pyx_dataset.schema import Outcome


@dataclass(frozen=True, slots=True)
class TestCase:
    """A candidate and the tests it should pass."""

    __test__ = False  # not a class of tests, whatever pytest thinks of its name

    id: str
    candidate: str
    """Untrusted source."""
    test: str
    """Trusted source: HumanEval's ``check(candidate)``, MBPP's bare asserts, or test functions."""
    entry_point: str | None = None
    """None: the functions that the tests call and do not have themselves."""
    setup: str = ""
    """Trusted source that runs before the tests: imports and helpers they use."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on one candidate."""

    id: str
    passed: bool
    outcome: Outcome
    """How the candidate ended; a wrong answer is `RETURNED` and not passed."""
    reason: str
    """Why it did not pass, else empty."""


def judge(cases: Iterable[TestCase], sandbox: Sandbox) -> Iterator[Judged]:
    """
    Run each candidate against its tests and yield the verdicts in input order.

    A test has the limits of one call: its own work and all calls of the candidate together.
    Arguments and results travel as plain data, so a test that passes functions to a candidate,
    or compares objects of its classes, cannot be judged and does not pass.

    Raises:
        InputError: the tests of a case are not Python.
        SandboxError: a worker died twice on the same case.
    """
    return sandbox.in_order(_case(case, sandbox) for case in cases)


def _case(case: TestCase, sandbox: Sandbox) -> Session[Judged]:
    return (yield from retried(f"case {case.id}", lambda: _surely(case, sandbox)))


def _surely(case: TestCase, sandbox: Sandbox) -> Session[Judged]:
    """Judge with foresight, and again without if the tests went another way."""
    verdict = yield from _attempt(case, sandbox, with_foresight=True)
    if verdict is None:
        verdict = yield from _attempt(case, sandbox, with_foresight=False)
    assert verdict is not None
    return verdict


@dataclass(slots=True)
class _Budget:
    """What is left of the limits of one case."""

    cpu_s: float
    wall_s: float

    def spend(self, report: Report) -> None:
        """Take off what a stretch of work used."""
        self.cpu_s = max(self.cpu_s - report.cpu_s, 1e-9)
        self.wall_s = max(self.wall_s - report.wall_s, 1e-9)

    def of(self, message: dict[str, Any]) -> dict[str, Any]:
        """`message`, with what is left as its limits."""
        return message | {"cpu_s": self.cpu_s, "wall_s": self.wall_s}


@dataclass(frozen=True, slots=True)
class _Foresight:
    """Calls that were made before the tests ask for them."""

    questions: tuple[Question, ...]
    known: tuple[tuple[Question, str], ...]
    """Those that were answered, with the answers."""
    is_open: bool
    """Whether the candidate can be asked more."""
    end: CallResult | None = None
    """How it ended at the next one; None where that is not known."""


def _attempt(case: TestCase, sandbox: Sandbox, *, with_foresight: bool) -> Session[Judged | None]:
    """The verdict; None if the tests made other calls than were foreseen."""
    free = _free_names(case.id, case.setup, case.test)
    names = (case.entry_point,) if case.entry_point else free.called
    questions = foreseen(case.test, case.entry_point, names) if with_foresight else ()
    limits = sandbox.limits
    budget = _Budget(limits.cpu_s, limits.wall_s)
    with sandbox.borrow("programs") as candidate, sandbox.borrow("tests") as tests:
        message = {
            "op": "open",
            "role": "candidate",
            "spec": {"code": case.candidate},
            "texts": [json.dumps(question) for question in questions],
        }
        candidate.send(budget.of(message))
        reports = yield candidate
        while len(reports) <= len(questions) and _is_alive(reports[-1]):
            reports += yield candidate
        loaded, *answers = reports
        if loaded.end == DOUBT:
            return None
        budget.spend(loaded)
        if not _is_alive(loaded):
            return _failed(case, read_result(replace(loaded, phase="load"), limits))
        foresight = _read_answers(questions, answers, budget, limits)
        if not names:
            question = json.dumps({"defines": free.called_builtins})
            candidate.send(budget.of({"op": "send", "text": question}))
            [defined] = yield candidate
            names = _chosen(free.called_builtins, defined)
        imports = "".join(f"\nimport {name}" for name in free.modules)
        spec = {
            "code": case.test,
            "setup": case.setup + imports,
            "names": names,
            "entry_point": case.entry_point,
            "known": foresight.known,
        }
        tests.send(budget.of({"op": "open", "role": "tests", "spec": spec, "texts": []}))
        verdict = yield from _relay(case, candidate, tests, budget, foresight, limits)
        for link in (candidate, tests):
            link.send({"op": "close"})
        return verdict


def _is_alive(report: Report) -> bool:
    """Whether the process that answered can be asked again."""
    return report.end == "frame" and report.status != frames.SPENT


def _read_answers(
    questions: tuple[Question, ...], answers: list[Report], budget: _Budget, limits: Limits
) -> _Foresight:
    """Sort what came back for the foreseen calls, and pay for what the tests can use of it."""
    known: list[tuple[Question, str]] = []
    for question, report in zip(questions, answers, strict=False):
        if report.end == DOUBT:
            return _Foresight(questions, tuple(known), is_open=False)
        result = read_result(report, limits)
        if result.outcome not in (Outcome.RETURNED, Outcome.RAISED):
            return _Foresight(questions, tuple(known), is_open=False, end=result)
        budget.spend(report)
        known.append((question, report.payload.decode()))
    return _Foresight(questions, tuple(known), is_open=True)


def _relay(
    case: TestCase,
    candidate: Link,
    tests: Link,
    budget: _Budget,
    foresight: _Foresight,
    limits: Limits,
) -> Session[Judged | None]:
    """Pass calls from the tests to the candidate and answers back, until there is a verdict."""
    while True:
        [asked] = yield tests
        budget.spend(asked)
        if asked.end != "frame":
            if foresight.known:
                return None  # calls that were not asked for may have used up the time of the tests
            return _failed(case, read_result(asked, limits), "the tests: ")
        text = asked.payload.decode()
        if asked.status != frames.ASK:
            verdict = json.loads(text)
            if "astray" in verdict:
                return None
            return Judged(
                case.id, verdict["passed"], Outcome(verdict["outcome"]), verdict["reason"]
            )
        if not foresight.is_open:
            next_one = foresight.questions[len(foresight.known)]
            if foresight.end is None or json.loads(text) != next_one:
                return None
            return _failed(case, foresight.end)
        candidate.send(budget.of({"op": "send", "text": text}))
        [answered] = yield candidate
        budget.spend(answered)
        result = read_result(answered, limits)
        if result.outcome not in (Outcome.RETURNED, Outcome.RAISED):
            return _failed(case, result)
        tests.send(budget.of({"op": "send", "text": answered.payload.decode()}))


def _failed(case: TestCase, result: CallResult, where: str = "") -> Judged:
    return Judged(case.id, False, result.outcome, where + (result.exception or ""))


@dataclass(frozen=True, slots=True)
class _FreeNames:
    """Names that tests use and do not bind."""

    called: tuple[str, ...]
    called_builtins: tuple[str, ...]
    modules: tuple[str, ...]
    """Of the standard library: benchmarks that run tests beside the candidate use its imports."""


@lru_cache(maxsize=256)
def _free_names(case_id: str, setup: str, test: str) -> _FreeNames:
    try:
        trees = parsed(setup), parsed(test)
    except (SyntaxError, ValueError) as exc:
        raise InputError(f"the tests of case {case_id} are not Python: {exc}") from exc
    called: set[str] = set()
    used: set[str] = set()
    bound: set[str] = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                called.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                bound.add(name)
            case ast.Name(id=name):
                used.add(name)
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.alias(name=name, asname=other):
                bound.add(other or name.partition(".")[0])
    free = sorted(called - bound)
    return _FreeNames(
        called=tuple(name for name in free if not hasattr(builtins, name)),
        called_builtins=tuple(name for name in free if hasattr(builtins, name)),
        modules=tuple(sorted((used - called - bound) & sys.stdlib_module_names)),
    )


def _chosen(names: tuple[str, ...], answer: Report) -> tuple[str, ...]:
    """
    Those of `names` that the candidate says it defines.

    Only asked where the tests call nothing but builtins (MBPP has a task named ``sum``), so that
    a candidate cannot put its own ``len`` or ``set`` between its results and the tests.
    """
    try:
        claim = json.loads(answer.payload.decode())
    except (ValueError, RecursionError):
        return ()
    claimed = claim.get("value") if type(claim) is dict else None
    return tuple(name for name in names if type(claimed) is list and name in claimed)

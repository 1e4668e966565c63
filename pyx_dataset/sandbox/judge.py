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
from typing import Any

from pyx_dataset.config import Limits
from pyx_dataset.errors import InputError
from pyx_dataset.sandbox import frames
from pyx_dataset.sandbox.link import Link, Report
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
    return (yield from retried(f"case {case.id}", lambda: _attempt(case, sandbox)))


@dataclass(slots=True)
class _Budget:
    """What is left of the limits of one case."""

    limits: Limits

    def spend(self, report: Report) -> None:
        """Take off what a stretch of work used."""
        left_cpu, left_wall = self.limits.cpu_s - report.cpu_s, self.limits.wall_s - report.wall_s
        self.limits = replace(self.limits, cpu_s=max(left_cpu, 1e-9), wall_s=max(left_wall, 1e-9))

    def of(self, message: dict[str, Any]) -> dict[str, Any]:
        """`message`, with what is left as its limits."""
        return message | {"cpu_s": self.limits.cpu_s, "wall_s": self.limits.wall_s}


def _attempt(case: TestCase, sandbox: Sandbox) -> Session[Judged]:
    free = _free_names(case)
    names = [case.entry_point] if case.entry_point else list(free.called)
    budget = _Budget(sandbox.limits)
    with sandbox.borrow("programs") as candidate, sandbox.borrow("tests") as tests:
        candidate.send(
            budget.of({"op": "open", "role": "candidate", "spec": {"code": case.candidate}})
        )
        [loaded] = yield candidate
        budget.spend(loaded)
        result = read_result(replace(loaded, phase="load"), sandbox.limits)
        if loaded.status == frames.SPENT or loaded.end != "frame":
            return _failed(case, result)
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
        }
        tests.send(budget.of({"op": "open", "role": "tests", "spec": spec}))
        verdict = yield from _relay(case, candidate, tests, budget, sandbox.limits)
        for link in (candidate, tests):
            link.send({"op": "close"})
        return verdict


def _relay(
    case: TestCase, candidate: Link, tests: Link, budget: _Budget, limits: Limits
) -> Session[Judged]:
    """Pass calls from the tests to the candidate and answers back, until there is a verdict."""
    while True:
        [asked] = yield tests
        budget.spend(asked)
        if asked.end != "frame":
            return _failed(case, read_result(asked, limits), "the tests: ")
        if asked.status != frames.ASK:
            verdict = json.loads(asked.payload)
            return Judged(
                case.id, verdict["passed"], Outcome(verdict["outcome"]), verdict["reason"]
            )
        candidate.send(budget.of({"op": "send", "text": asked.payload.decode()}))
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


def _free_names(case: TestCase) -> _FreeNames:
    try:
        trees = ast.parse(case.setup), ast.parse(case.test)
    except (SyntaxError, ValueError) as exc:
        raise InputError(f"the tests of case {case.id} are not Python: {exc}") from exc
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


def _chosen(names: tuple[str, ...], answer: Report) -> list[str]:
    """
    Those of `names` that the candidate says it defines.

    Only asked where the tests call nothing but builtins (MBPP has a task named ``sum``), so that
    a candidate cannot put its own ``len`` or ``set`` between its results and the tests.
    """
    claimed = json.loads(answer.payload).get("value", []) if answer.end == "frame" else []
    return [name for name in names if name in claimed]

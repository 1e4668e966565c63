"""Run the rows of `debug` again: both programs on every test, the divergence, every claim."""

import ast
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from pyx_dataset.debug_schema import Divergence
from pyx_dataset.debugging.bugs import edits, first_line
from pyx_dataset.debugging.divergence import divergence
from pyx_dataset.debugging.source import Source
from pyx_dataset.export.audit import UNREADABLE, monologue_of, rows
from pyx_dataset.layout import SHOWN_PASSING
from pyx_dataset.monologues.rationale.evidence import Evidence
from pyx_dataset.monologues.rationale.write import check_rationale
from pyx_dataset.published import Row
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.sandbox.results import CallResult
from pyx_dataset.schema import SPLITS, CheckReport, Outcome, Split, Trace

_Finding = tuple[str, str]
"""What a row says, and what was found."""
_Test = tuple[str, str]
"""A call and its value."""


def debug_again(
    folder: Path, ids: frozenset[str], sandbox: Sandbox
) -> Iterator[tuple[Split, Row, list[_Finding]]]:
    """Each chosen row of `debug` in `folder` with what is wrong with it, in order."""
    waiting: deque[tuple[Split, Row]] = deque()

    def jobs() -> Iterator[Job]:
        for split in SPLITS:
            for row in rows(folder, "debug", split):
                if row["id"] in ids and _is_readable(row):
                    waiting.append((split, row))
                    calls = tuple(call for call, _ in _tests(row))
                    yield Job(row["id"], row["code"], calls, trace=True)
                    yield Job(row["id"], row["buggy_code"], calls, trace=True)

    results = sandbox.run(jobs())
    for fixed in results:
        buggy = next(results)
        split, row = waiting.popleft()
        try:
            findings = list(_findings(row, fixed.calls, buggy.calls))
        except UNREADABLE as exc:
            findings = [("what a row of `debug` says", f"{type(exc).__name__}: {exc}")]
        yield split, row, findings


def _is_readable(row: Row) -> bool:
    """Has a row failing tests that can be read? If not, the audit has named it."""
    try:
        return bool(row["failing"]) and len(_tests(row)) == len(row["failing"] + row["passing"])
    except UNREADABLE:
        return False


def _tests(row: Row) -> list[_Test]:
    """Calls of the row's assertions with their values, failing ones first, as they are written."""
    found = []
    for test in (*row["failing"], *row["passing"]):
        match ast.parse(test).body[0]:
            case ast.Assert(test=ast.Compare(left=call, comparators=[value])):
                pieces = [ast.get_source_segment(test, node) or "" for node in (call, value)]
                found.append((pieces[0], pieces[1]))
    return found


def _findings(
    row: Row, fixed: tuple[CallResult, ...], buggy: tuple[CallResult, ...]
) -> Iterator[_Finding]:
    tests = _tests(row)
    for number, ((call, value), right, wrong) in enumerate(zip(tests, fixed, buggy, strict=True)):
        if right.value != value:
            yield f"{call} is {value}", f"{right.outcome} {right.value or right.exception}"
            return
        if (wrong.value == value) is (number < len(row["failing"])):
            yield f"{call} {'fails' if wrong.value == value else 'passes'}", f"{wrong.value}"
    told = buggy[0]
    says = row["outcome"], row["value"], row["exception"]
    found = told.outcome.value, told.value, told.exception
    if says != found:
        yield " ".join(filter(None, says)), " ".join(filter(None, found))
    line = first_line(row["code"], row["buggy_code"])
    if row["line"] != line:
        yield f"line {row['line']}", f"{line}"
    traces, broken = _traces(row["code"], tests, fixed), _traces(row["buggy_code"], tests, buggy)
    if row["operator"] not in _operators(row, traces):
        yield f"operator {row['operator']}", "it does not make this edit"
    split = divergence(broken[0], traces[0])
    says_split = Divergence(row["divergence_step"], row["divergence_fixed_step"])
    if split is None or split != says_split:
        yield f"{says_split}", f"{split}"
        return
    if row["divergence_line"] != broken[0].steps[split.step].line:
        yield f"divergence_line {row['divergence_line']}", f"{broken[0].steps[split.step].line}"
    report = _report(row, tests, traces, broken, split)
    for item in report.contradicted:
        yield f"{item.claim.text!r}", f"{item.found}"
    counts = len(report.confirmed), len(report.unchecked)
    says_counts = row["claims_confirmed"], row["claims_unchecked"]
    if not report.contradicted and counts != says_counts:
        yield "{} claims confirmed, {} unchecked".format(*says_counts), "{} and {}".format(*counts)


def told_runs(row: Row, sandbox: Sandbox) -> tuple[Trace, Trace, CheckReport]:
    """The failing call of a row of `debug`, of both programs, and what its rationale is worth."""
    tests = _tests(row)
    calls = tuple(call for call, _ in tests)
    jobs = [Job(row["id"], row[name], calls, trace=True) for name in ("code", "buggy_code")]
    fixed, buggy = (result.calls for result in sandbox.run(jobs))
    traces, broken = _traces(row["code"], tests, fixed), _traces(row["buggy_code"], tests, buggy)
    split = Divergence(row["divergence_step"], row["divergence_fixed_step"])
    return broken[0], traces[0], _report(row, tests, traces, broken, split)


def _report(
    row: Row, tests: list[_Test], traces: list[Trace], broken: list[Trace], split: Divergence
) -> CheckReport:
    """The claims of a row's rationale, held against the runs of its tests."""
    first = len(row["failing"])
    shown = range(first, min(first + SHOWN_PASSING, len(tests)))
    passing = {tests[place][0]: (broken[place], traces[place]) for place in shown}
    problem = row["prompt"][0]["content"]
    evidence = Evidence(broken[0], traces[0], split, passing, problem)
    return check_rationale(monologue_of(row), evidence)


def _traces(code: str, tests: list[_Test], runs: tuple[CallResult, ...]) -> list[Trace]:
    return [
        Trace(code, call, run.outcome, run.value, run.exception, run.steps or ())
        for (call, _), run in zip(tests, runs, strict=True)
    ]


def _operators(row: Row, traces: list[Trace]) -> set[str]:
    """All operators that make the row's edit."""
    source = Source.parse(row["code"])
    returned = [trace for trace in traces if trace.outcome is Outcome.RETURNED]
    return {
        edit.operator for edit in edits(source, returned) if source.apply(edit) == row["buggy_code"]
    }

"""Run the rows of `debug` again: all programs on every test, the divergence, every claim.

And the pairs of `preference` about them: the worse answer is judged once more.
"""

import ast
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from pyx_dataset.debug_schema import Divergence
from pyx_dataset.debugged import Broken
from pyx_dataset.debugging.bugs import Mutant, edits, first_line
from pyx_dataset.debugging.divergence import Lines, divergence
from pyx_dataset.debugging.source import Source
from pyx_dataset.export.audit import UNREADABLE, monologue_of, rows
from pyx_dataset.judging import judge_rationale
from pyx_dataset.layout import SHOWN_PASSING, assertion
from pyx_dataset.lessons import NARRATOR, WRITTEN
from pyx_dataset.mended import rule
from pyx_dataset.monologues.rationale.evidence import Evidence
from pyx_dataset.monologues.rationale.write import check_rationale
from pyx_dataset.published import Row
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.sandbox.results import CallResult
from pyx_dataset.schema import SPLITS, CheckReport, Execution, Outcome, Split, Trace
from pyx_dataset.teacher.protocol import Answer

_Finding = tuple[str, str]
"""What a row says, and what was found."""
_Test = tuple[str, str]
"""A call and its value."""


def debug_again(
    folder: Path, ids: frozenset[str], sandbox: Sandbox, max_words: int
) -> Iterator[tuple[Split, Row, list[_Finding]]]:
    """
    Each chosen row of `debug` in `folder` with what is wrong with it, in order.

    A rationale that a model wrote may have `max_words` words.
    """
    waiting: deque[tuple[Split, Row]] = deque()

    def jobs() -> Iterator[Job]:
        for split in SPLITS:
            for row in rows(folder, "debug", split):
                if row["id"] in ids and _is_readable(row):
                    waiting.append((split, row))
                    calls = tuple(call for call, _ in calls_and_values(row))
                    for name in _programs(row):
                        yield Job(row["id"], row[name], calls, trace=True)

    results = sandbox.run(jobs())
    for first in results:
        split, row = waiting.popleft()
        others = {name: next(results).calls for name in _programs(row)[1:]}
        try:
            findings = list(_findings(row, {"refined": first.calls, **others}, max_words))
        except UNREADABLE as exc:
            findings = [("what a row of `debug` says", f"{type(exc).__name__}: {exc}")]
        yield split, row, findings


def refused_again(
    folder: Path, ids: frozenset[str], sandbox: Sandbox, max_words: int
) -> Iterator[tuple[Split, Row, list[_Finding]]]:
    """Each chosen pair about a bug in `folder` with what is wrong with it."""
    for split in SPLITS:
        pairs = [row for row in rows(folder, "preference", split)
                 if row["id"] in ids and row["task"] == "debug"]  # fmt: skip
        wanted = {row["chosen_id"] for row in pairs}
        bugs = {row["id"]: row for row in rows(folder, "debug", split) if row["id"] in wanted}
        for pair in pairs:
            try:
                answer = Answer(pair["rejected"][0]["content"], 0, 0)
                bug = bugs[pair["chosen_id"]]
                problem = bug["prompt"][0]["content"]
                ruling = rule(answer, _broken(bug, sandbox), problem, [sandbox], max_words)
                says = f"{pair['reason']}: {pair['detail']}"
                found = f"{ruling.reason}: {ruling.detail}"
                findings = [] if says == found else [(says, found)]
            except UNREADABLE as exc:
                findings = [("what a pair about a bug says", f"{type(exc).__name__}: {exc}")]
            yield split, pair, findings


def _broken(row: Row, sandbox: Sandbox) -> Broken:
    """The bug of a row with its runs; calls and values of the right program are the row's."""
    tests = calls_and_values(row)
    job = Job(row["id"], row["buggy_code"], tuple(call for call, _ in tests), trace=True)
    runs = next(sandbox.run([job])).calls
    executions = tuple(
        Execution("", "", Trace(row["code"], call, Outcome.RETURNED, value, None, ()), True)
        for call, value in tests
    )
    failing = len(row["failing"])
    return Broken(
        Mutant(row["operator"], row["buggy_code"], row["line"]),
        executions[:failing], executions[failing:],
        {call: run for (call, _), run in zip(tests, runs, strict=True)},
    )  # fmt: skip


def _programs(row: Row) -> tuple[str, ...]:
    """Columns of the programs of a row, each once."""
    is_own = row["refined"] != row["code"]
    return ("refined", "buggy_code", *(["code"] if is_own else []))


def _is_readable(row: Row) -> bool:
    """Has a row failing tests that can be read? If not, the audit has named it."""
    try:
        return bool(row["failing"]) and len(calls_and_values(row)) == len(
            row["failing"] + row["passing"]
        )
    except UNREADABLE:
        return False


def calls_and_values(row: Row) -> list[_Test]:
    """Calls of the row's assertions with their values, failing ones first, as they are written."""
    found = []
    for test in (*row["failing"], *row["passing"]):
        match ast.parse(test).body[0]:
            case ast.Assert(test=ast.Compare(left=node)):
                call = ast.get_source_segment(test, node) or ""
                # Not by its node, which lacks the parentheses of a complex number.
                found.append((call, test.removeprefix(assertion(call, ""))))
    return found


def _findings(
    row: Row, runs: dict[str, tuple[CallResult, ...]], max_words: int
) -> Iterator[_Finding]:
    tests, refined, buggy = calls_and_values(row), runs["refined"], runs["buggy_code"]
    for number, ((call, value), right, wrong) in enumerate(zip(tests, refined, buggy, strict=True)):
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
    traces = _traces(row["refined"], tests, refined)
    broken = _traces(row["buggy_code"], tests, buggy)
    yield from _edit_findings(row, _traces(row["code"], tests, runs.get("code", refined)))
    split = divergence(broken[0], traces[0])
    says_split = _split(row)
    if split is None or split != says_split:
        yield f"{says_split}", f"{split}"
        return
    if row["divergence_line"] != broken[0].steps[split.step].line:
        yield f"divergence_line {row['divergence_line']}", f"{broken[0].steps[split.step].line}"
    evidence = _evidence(row, tests, traces, broken)
    report = check_rationale(monologue_of(row), evidence, is_ours=row["teacher"] == NARRATOR)
    for item in report.contradicted:
        yield f"{item.claim.text!r}", f"{item.found}"
    counts = len(report.confirmed), len(report.unchecked)
    says_counts = row["claims_confirmed"], row["claims_unchecked"]
    if not report.contradicted and counts != says_counts:
        yield "{} claims confirmed, {} unchecked".format(*says_counts), "{} and {}".format(*counts)
    if row["teacher"] != NARRATOR and not report.contradicted:
        judged = judge_rationale(monologue_of(row), evidence, max_words)
        if judged.reason:
            yield "a rationale that withstands every check", f"{judged.reason}: {judged.detail}"


def _edit_findings(row: Row, traces: list[Trace]) -> Iterator[_Finding]:
    """What a row says of the change to the code; `traces` are those of the verified program."""
    changed = sorted(Lines.of(row["buggy_code"], row["refined"]).new)
    line = first_line(row["refined"], row["buggy_code"])
    if (row["line"], row["lines"]) != (line, changed):
        yield f"line {row['line']} of {row['lines']}", f"{line} of {changed}"
    if row["operator"] == WRITTEN:
        return
    if row["operator"] not in _operators(row, traces):
        yield f"operator {row['operator']}", "it does not make this edit"
    if row["teacher"] == NARRATOR and row["refined"] != row["code"]:
        yield "a refined program of its own", "an edit of ours, told by the narrator"


def told_runs(row: Row, sandbox: Sandbox) -> tuple[Trace, Trace, CheckReport]:
    """The failing call of a row of `debug`, of both programs, and what its rationale is worth."""
    tests = calls_and_values(row)
    calls = tuple(call for call, _ in tests)
    jobs = [Job(row["id"], row[name], calls, trace=True) for name in ("refined", "buggy_code")]
    fixed, buggy = (result.calls for result in sandbox.run(jobs))
    traces, broken = _traces(row["refined"], tests, fixed), _traces(row["buggy_code"], tests, buggy)
    evidence = _evidence(row, tests, traces, broken)
    report = check_rationale(monologue_of(row), evidence, is_ours=row["teacher"] == NARRATOR)
    return broken[0], traces[0], report


def _split(row: Row) -> Divergence:
    return Divergence(row["divergence_step"], row["divergence_fixed_step"], row["is_aligned"])


def _evidence(row: Row, tests: list[_Test], traces: list[Trace], broken: list[Trace]) -> Evidence:
    """What a row's rationale is held against: the runs of its tests."""
    first = len(row["failing"])
    shown = range(first, min(first + SHOWN_PASSING, len(tests)))
    passing = {tests[place][0]: (broken[place], traces[place]) for place in shown}
    problem = row["prompt"][0]["content"]
    return Evidence(broken[0], traces[0], _split(row), passing, problem)


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

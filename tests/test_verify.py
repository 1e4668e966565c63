"""Whatever is changed in a built data set is found and named."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.debug_rows import calls_and_values
from pyx_dataset.errors import InputError, NotNarratable
from pyx_dataset.export.splits import split_of
from pyx_dataset.export.write import export
from pyx_dataset.filters.dedup import families
from pyx_dataset.layout import assertion
from pyx_dataset.monologues.backward import backward
from pyx_dataset.monologues.check import check
from pyx_dataset.monologues.forward import forward
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.schema import (
    Bundle,
    Direction,
    Execution,
    Outcome,
    Program,
    Seed,
    Source,
    Told,
    Trace,
)
from pyx_dataset.store import dump
from pyx_dataset.traces.coverage import points_of, reached, together
from pyx_dataset.verify import verify
from tests.export.samples import CONFIG, RECORD
from tests.export.spoil import Row, change_family, change_prompt, named, read, spoil, write

CODES = {
    "total": """def total(numbers, start):
    result = start
    for number in numbers:
        if number > 2:
            result += number
    return result
""",
    "initials": """def initials(name):
    letters = ""
    for word in name.split():
        letters += word[0].upper()
    return letters
""",
    "clamp": """def clamp(value, low, high):
    if value < low:
        return low
    if value > high:
        return high
    return value
""",
    "divide": """def divide(number, by):
    quotient = number // by
    rest = number % by
    return [quotient, rest]
""",
}
CALLS = {
    "total": ("total([1, 2, 3], 4)", "total([], 5)", "total([8], 0)", "total('ab', 1)"),
    "initials": ("initials('ada lovelace')", "initials('bob')", "initials(3)"),
    "clamp": ("clamp(12, 0, 10)", "clamp(-1, 0, 10)", "clamp(4, 0, 10)"),
    "divide": ("divide(17, 5)", "divide(9, 3)", "divide(1, 0)"),
}


def told(execution: Execution, name: str, direction: Direction) -> Iterator[Told]:
    """The monologue of an execution, where one can be written."""
    trace = execution.trace
    write = forward if direction == "forward" else backward
    try:
        text = write(trace.code, name, trace, "", Random(1))
    except NotNarratable:
        return
    report = check(text.text, trace, text.answer, direction=direction)
    if not report.contradicted:
        yield Told(execution.id, text, len(report.confirmed), len(report.unchecked))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four programs, run in the sandbox, told and exported."""
    out = tmp_path_factory.mktemp("verify") / "pyx"
    family = families(CODES.items())
    bundles = []
    with Sandbox(limits=CONFIG.limits, hash_seed=1) as sandbox:
        jobs = [Job(name, code, CALLS[name], trace=True) for name, code in CODES.items()]
        for job, result in zip(jobs, sandbox.run(jobs), strict=True):
            split = split_of(family[job.id], CONFIG.validation_share, CONFIG.test_share)
            source = Source("inflection", "0.5.1", "MIT", "inflection/__init__.py", 3)
            seed = Seed(source, job.code, job.id, job.code.split("\n")[0][4:-1], f"Do {job.id}.")
            executions = []
            for number, (call, item) in enumerate(zip(job.calls, result.calls, strict=True)):
                assert item.steps is not None
                trace = Trace(job.code, call, item.outcome, item.value, item.exception, item.steps)
                executions.append(Execution(f"{job.id}_{number}", job.id, trace, True))
            returned = [item for item in executions if item.trace.outcome is Outcome.RETURNED]
            there = points_of(job.code, job.id)
            shares = together(reached(there, item.trace.steps) for item in executions).share(there)
            bundles.append(
                Bundle(
                    program=Program(job.id, family[job.id], split, seed),
                    coverage=round(shares[0], 4),
                    branch_coverage=round(shares[1], 4),
                    executions=tuple(executions),
                    forward=tuple(t for e in returned for t in told(e, job.id, "forward")),
                    backward=tuple(t for e in returned for t in told(e, job.id, "backward")),
                    isolation=result.isolation,
                )
            )
    numbers = export(lambda: iter(bundles), out, RECORD)
    dump(out / "build.json", {**RECORD, **numbers})
    return out


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(built, tmp_path / "pyx"))


def test_a_true_data_set_has_no_mismatch(built: Path) -> None:
    """All rows of all configs, under another hash seed than they were made with."""
    seen: list[tuple[int, int]] = []
    report = verify(built, progress=lambda done, total: seen.append((done, total)))

    assert report.mismatches == ()
    assert report.checked["executions"] == 13
    assert report.checked["forward"] >= 9
    assert report.checked["backward"] >= 1
    total = sum(report.checked[name] for name in ("executions", "forward", "backward"))
    assert seen == [(done, total) for done in range(1, total + 1)]


def change_value(row: Row) -> bool | None:
    return False if row["value"] is None else row.update(value="[0, 99]")


def change_outcome(row: Row) -> bool | None:
    return False if row["outcome"] == "raised" else row.update(outcome="raised")


def change_exception(row: Row) -> bool | None:
    return row.update(exception="KeyError: 'x'") if row["exception"] else False


def change_step_line(row: Row) -> None:
    row["steps"][1]["line"] += 1


def change_step_value(row: Row) -> bool | None:
    for step in row["steps"][1:]:
        for change in step["changed"]:
            change["value"] = "'other'"
            return True
    return False


def change_step_event(row: Row) -> None:
    row["steps"][-1]["event"] = 1


def drop_step(row: Row) -> None:
    del row["steps"][-2]
    row["n_steps"] -= 1


def change_call(row: Row) -> None:
    row["call"] = "clamp(99, 0, 100)"


EXECUTION_CHANGES = (
    change_value, change_outcome, change_exception, change_step_line,
    change_step_value, change_step_event, drop_step, change_call,
)  # fmt: skip


def test_changed_executions_are_found_and_no_others(copy: Path) -> None:
    """One change of each kind, each in a row of its own; their ids are named."""
    planted = spoil(copy, "executions", EXECUTION_CHANGES)
    report = verify(copy, workers=2)

    assert named(report.mismatches, "executions") == set(planted.values())
    assert len(set(planted.values())) == len(EXECUTION_CHANGES)


def in_monologue(row: Row, pattern: str, new: str) -> bool:
    """Replace the first match of `pattern`, which must not be in the answer."""
    message = row["completion"][0]
    text, closing, answer = message["content"].partition("[/MONOLOGUE]")
    changed = re.sub(pattern, new, text, count=1)
    message["content"] = changed + closing + answer
    return changed != text


def change_claim(row: Row) -> bool:
    return in_monologue(row, r"= \d+`", "= 90`")


def change_label(row: Row) -> bool:
    return in_monologue(row, r"\[L6\]", "[L9]")


def change_answer(row: Row) -> None:
    row["completion"][0]["content"] = row["completion"][0]["content"].replace(
        row["answer"], "assert False"
    )


def change_answer_everywhere(row: Row) -> None:
    change_answer(row)
    row["answer"] = "assert False"


TOLD_CHANGES = (change_claim, change_answer, change_answer_everywhere, change_prompt, change_family)


def test_changed_monologues_are_found_and_no_others(copy: Path) -> None:
    """A value or a label in the words, the answer, the prompt, the family, in both directions."""
    forward_rows = spoil(copy, "forward", (*TOLD_CHANGES, change_label))
    backward_rows = spoil(copy, "backward", TOLD_CHANGES)
    found = verify(copy).mismatches

    assert named(found, "forward") == set(forward_rows.values())
    assert named(found, "backward") == set(backward_rows.values())


def test_a_changed_file_is_named_whatever_was_changed_in_it(copy: Path) -> None:
    """A letter in prose that states nothing is found by the record's SHA-256."""

    def soften(row: Row) -> bool:
        return in_monologue(
            row, "### Understanding the Function\n", "### Understanding the Function\n\n"
        )

    spoil(copy, "forward", [soften])
    found = [item for item in verify(copy).mismatches if item.says.startswith("SHA-256")]

    assert {item.config for item in found} == {"forward"}


def test_programs_that_share_a_function_must_share_a_family(copy: Path) -> None:
    """Two programs of one code under two family names are found."""
    held = read(copy, "programs")
    first = next(row for found in held.values() for row in found)
    held["test"].append({**first, "id": "twin", "family": "0" * 16})
    write(copy, "programs", held)

    assert any("code of family" in item.found for item in verify(copy, sample=1).mismatches)


def test_nothing_is_run_from_a_damaged_folder(copy: Path) -> None:
    """The file is named and the report comes back."""
    path = next((copy / "executions").glob("test-*.parquet"))
    path.write_bytes(path.read_bytes()[:-50])

    assert path.name in named(verify(copy).mismatches, "executions")


def test_a_sample_runs_that_many_rows_of_each_config(built: Path) -> None:
    """The same rows each time."""
    report = verify(built, sample=2)

    assert [report.checked[name] for name in ("executions", "forward", "backward")] == [2, 2, 2]


@pytest.mark.parametrize(
    ("record", "message"),
    [(None, "no build.json"), ({"schema_version": "0.9.0"}, r"schema version 0\.9\.0")],
)
def test_what_is_no_data_set_of_ours_is_an_error(
    tmp_path: Path, record: dict[str, str] | None, message: str
) -> None:
    """Said in one sentence."""
    if record:
        dump(tmp_path / "build.json", record)
    with pytest.raises(InputError, match=message):
        verify(tmp_path)


@pytest.mark.parametrize("where", ["no-such-folder", "no-such-user/no-such-set"])
def test_a_name_that_leads_nowhere_is_an_error(where: str) -> None:
    """Neither a folder nor a repository that can be fetched."""
    with pytest.raises(InputError, match=where):
        verify(where)


@given(
    st.complex_numbers(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.lists(st.floats(allow_nan=False))
)
def test_a_test_of_a_bug_is_read_as_it_is_written(value: object) -> None:
    """A complex number keeps the parentheses that its `repr` has and its syntax tree lacks."""
    row = {"failing": [assertion("f((1, 2))", repr(value))], "passing": []}
    assert calls_and_values(row) == [("f((1, 2))", repr(value))]

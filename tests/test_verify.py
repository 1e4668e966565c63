"""Whatever is changed in a built data set is found and named."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pyx_dataset.errors import InputError, NotNarratable
from pyx_dataset.export.audit import rows
from pyx_dataset.export.features import FEATURES
from pyx_dataset.export.splits import split_of
from pyx_dataset.export.write import export
from pyx_dataset.filters.dedup import families
from pyx_dataset.monologues.backward import backward
from pyx_dataset.monologues.check import check
from pyx_dataset.monologues.forward import forward
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.schema import (
    SPLITS,
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
from pyx_dataset.store import dump, load
from pyx_dataset.verify import VerifyReport, verify
from tests.export.samples import CONFIG, RECORD

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
Row = dict[str, Any]


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
    family = families(CODES)
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
            bundles.append(
                Bundle(
                    program=Program(job.id, family[job.id], split, seed),
                    coverage=1.0,
                    executions=tuple(executions),
                    forward=tuple(t for e in returned for t in told(e, job.id, "forward")),
                    backward=tuple(t for e in returned for t in told(e, job.id, "backward")),
                    isolation=result.isolation,
                )
            )
    counts = export(lambda: iter(bundles), out, RECORD)
    dump(out / "build.json", {**RECORD, "counts": counts})
    return out


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(built, tmp_path / "pyx"))


def spoil(folder: Path, config: str, change: Callable[[Row], bool | None]) -> str:
    """Apply `change` to the first row that it accepts (not False); the row's id."""
    for split in SPLITS:
        found = list(rows(folder, config, split))
        for row in found:
            name: str = row["id"]
            if change(row) is not False:
                (file,) = (folder / config).glob(f"{split}-*.parquet")
                pq.write_table(pa.Table.from_pylist(found, FEATURES[config].arrow_schema), file)
                return name
    raise AssertionError("no row accepted the change")


def named(report: VerifyReport, config: str) -> set[str]:
    return {item.row_id for item in report.mismatches if item.config == config}


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


@pytest.mark.parametrize(
    "change",
    [
        change_value,
        change_outcome,
        change_exception,
        change_step_line,
        change_step_value,
        change_step_event,
        drop_step,
        change_call,
    ],
)
def test_a_changed_execution_is_found(copy: Path, change: Callable[[Row], bool | None]) -> None:
    """Its row id is named, whatever of it was changed."""
    changed = spoil(copy, "executions", change)

    assert changed in named(verify(copy), "executions")


def change_claim(row: Row) -> bool | None:
    message = row["completion"][0]
    text, closing, answer = message["content"].partition("[/MONOLOGUE]")
    digit = next((item for item in "9876543" if f"`{item}`" in text), None)
    if digit is None:
        return False
    message["content"] = text.replace(f"`{digit}`", "`2`") + closing + answer
    return True


def change_label(row: Row) -> bool | None:
    message = row["completion"][0]
    if "[L6]" not in message["content"]:
        return False
    message["content"] = message["content"].replace("[L6]", "[L9]", 1)
    return True


def change_answer(row: Row) -> None:
    row["completion"][0]["content"] = row["completion"][0]["content"].replace(
        row["answer"], "assert False"
    )


def change_answer_everywhere(row: Row) -> None:
    change_answer(row)
    row["answer"] = "assert False"


def change_prompt(row: Row) -> None:
    row["prompt"][0]["content"] += " "


def change_family(row: Row) -> None:
    row["family"] = "0" * 16


@pytest.mark.parametrize("config", ["forward", "backward"])
@pytest.mark.parametrize(
    "change", [change_label, change_answer, change_answer_everywhere, change_prompt, change_family]
)
def test_a_changed_monologue_row_is_found(
    copy: Path, config: str, change: Callable[[Row], bool | None]
) -> None:
    """A label, the answer, the prompt or the family of a row that tells an execution."""
    changed = spoil(copy, config, change)

    assert changed in named(verify(copy), config)


def test_a_changed_claim_is_found(copy: Path) -> None:
    """A value in the words of a monologue, answer and all else as before."""
    changed = spoil(copy, "forward", change_claim)

    assert changed in named(verify(copy), "forward")


def test_a_changed_test_is_found(copy: Path) -> None:
    """An assertion that no execution supports."""
    changed = spoil(copy, "programs", lambda row: row.update(tests=["assert 1 == 1"]))

    assert changed in named(verify(copy), "programs")


def test_a_changed_response_in_the_public_layout_is_found(copy: Path) -> None:
    """`default` must say what the task's own config says."""
    changed = spoil(copy, "default", lambda row: row.update(response=row["response"] + "!"))

    assert changed in named(verify(copy), "default")


def test_a_program_moved_to_another_split_is_found(copy: Path) -> None:
    """Its rows name a split that its family does not belong to."""
    for config in FEATURES:
        files = {split: next((copy / config).glob(f"{split}-*")) for split in SPLITS}
        held = {split: list(rows(copy, config, split)) for split in SPLITS}
        moved = [row for row in held["train"] if "clamp" in row["id"]] or held["train"][:1]
        target = "test" if moved else "train"
        held["train"] = [row for row in held["train"] if row not in moved]
        held[target] += moved
        for split, file in files.items():
            pq.write_table(pa.Table.from_pylist(held[split], FEATURES[config].arrow_schema), file)
    counts = {c: {s: sum(1 for _ in rows(copy, c, s)) for s in SPLITS} for c in FEATURES}
    dump(copy / "build.json", {**load(copy / "build.json"), "counts": counts})
    found = [item for item in verify(copy, sample=1).mismatches if "belongs in" in item.found]

    assert {item.config for item in found} == set(FEATURES) - {"default"}


def test_programs_that_share_a_function_must_share_a_family(copy: Path) -> None:
    """Two programs of one code under two family names are found."""
    path = next(p for p in (copy / "programs").glob("*.parquet") if pq.read_metadata(p).num_rows)
    table = pq.read_table(path)
    twin = {**table.to_pylist()[0], "id": "twin", "family": "0" * 16}
    both = [*table.to_pylist(), twin]
    pq.write_table(pa.Table.from_pylist(both, table.schema), path)

    assert any("code of family" in item.found for item in verify(copy, sample=1).mismatches)


def test_a_row_that_is_gone_is_found(copy: Path) -> None:
    """The files hold as many rows as the record says."""
    path = next(p for p in (copy / "forward").glob("*.parquet") if pq.read_metadata(p).num_rows)
    pq.write_table(pq.read_table(path).slice(1), path)

    assert "all rows" in named(verify(copy, sample=1), "forward")


def test_a_damaged_file_is_found(copy: Path) -> None:
    """A file cut in half is named, and nothing is read from it."""
    path = next((copy / "executions").glob("test-*.parquet"))
    path.write_bytes(path.read_bytes()[:-50])

    assert path.name in named(verify(copy), "executions")


def test_a_changed_column_is_found(copy: Path) -> None:
    """A column of another type is named with its file."""
    path = next((copy / "programs").glob("train-*.parquet"))
    table = pq.read_table(path)
    place = table.schema.get_field_index("coverage")
    pq.write_table(table.set_column(place, "coverage", table["coverage"].cast(pa.float32())), path)

    assert path.name in named(verify(copy), "programs")


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

"""Published bugs: the rows say what was run, and a change to one is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from datasets import load_dataset

from pyx_dataset import layout
from pyx_dataset.export.write import export
from pyx_dataset.store import dump
from pyx_dataset.verify import verify
from tests.debugging.samples import Case
from tests.export.samples import RECORD
from tests.export.spoil import Row, named, read, spoil


@pytest.fixture(scope="module")
def built(cases: tuple[Case, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five programs, exported."""
    out = tmp_path_factory.mktemp("debug") / "pyx"
    numbers = export(lambda: (case.bundle for case in cases), out, RECORD)
    dump(out / "build.json", {**RECORD, **numbers})
    return out


def found(folder: Path) -> list[Row]:
    """All rows of `debug`."""
    return [row for rows in read(folder, "debug").values() for row in rows]


def test_true_rows_have_no_mismatch(built: Path, cases: tuple[Case, ...]) -> None:
    """All bugs, under another hash seed than they were made with."""
    report = verify(built)

    assert report.mismatches == ()
    assert report.checked["debug"] == sum(len(case.bugs) for case in cases) >= 15


def test_refined_programs_pass_and_broken_ones_fail(built: Path) -> None:
    """Taken out of the text as a reader would, and run by CPython."""
    for row in found(built):
        _, _, refined = row["completion"][0]["content"].partition(layout.REFINED_OPEN)
        code = refined.partition("```python\n")[2].partition("```")[0]
        shown = row["prompt"][0]["content"].partition("### Buggy Solution\n```python\n")[2]
        buggy = shown.partition("```")[0]
        for test in (*row["passing"], *row["failing"]):
            exec(f"{code}\n{test}", {})
        for test in row["passing"]:
            exec(f"{buggy}\n{test}", {})
        for test in row["failing"]:
            with pytest.raises(Exception):  # noqa: B017, PT011  (the test's own, or the bug's)
                exec(f"{buggy}\n{test}", {})


def test_the_prompt_gives_nothing_away(built: Path) -> None:
    """The line that mends it stands in no prompt, unless another line reads the same."""
    for row in found(built):
        right = {line.strip() for line in row["code"].splitlines()}
        missing = right - {line.strip() for line in row["buggy_code"].splitlines()}
        prompt = row["prompt"][0]["content"]
        for line in missing - {"else:"}:
            assert line not in prompt, row["id"]


def test_pyx_r_holds_the_same_examples_in_the_public_fields(built: Path) -> None:
    """As `datasets` loads them: three headings, the tags, the fence."""
    rows = load_dataset(str(built), "pyx_r", split="train")
    debug = {row["id"]: row for row in load_dataset(str(built), "debug", split="train")}

    assert len(rows) == len(debug) > 0
    for row in rows:
        told = debug[row["id"]]["completion"][0]["content"]
        places = [row["fault"].index(heading) for heading in layout.FAULT_HEADINGS]
        assert places == sorted(places)
        assert row["response"] == told
        assert told.index(layout.MONOLOGUE_CLOSE) < told.index(layout.REFINED_OPEN)
        assert told.endswith(layout.REFINED_CLOSE)


def in_completion(old: str, new: str) -> Callable[[Row], bool | None]:
    """Replace the first `old` in the completion."""

    def change(row: Row) -> bool | None:
        text = row["completion"][0]["content"]
        if old not in text:
            return False
        row["completion"][0]["content"] = text.replace(old, new, 1)
        return None

    change.__name__ = f"{old} becomes {new}"
    return change


def change_operator(row: Row) -> None:
    row["operator"] = "missing_copy"


def change_line(row: Row) -> None:
    row["line"] += 1


def change_step(row: Row) -> None:
    row["divergence_step"] += 1


def change_divergence_line(row: Row) -> None:
    row["divergence_line"] += 1


def change_value(row: Row) -> bool | None:
    return False if row["value"] is None else row.update(value="'other'")


def change_expected(row: Row) -> None:
    row["expected"] = "'other'"


def move_a_test(row: Row) -> None:
    row["failing"].append(row["passing"].pop())


def change_a_test(row: Row) -> None:
    row["passing"][0] = row["passing"][0].partition("==")[0] + "== 'other'"


def change_buggy_code(row: Row) -> None:
    row["buggy_code"] = row["buggy_code"].replace("return", "yield", 1)


def change_count(row: Row) -> None:
    row["claims_confirmed"] += 1


CHANGES = (
    in_completion("Root Cause", "Cause"), in_completion(layout.REFINED_OPEN, "[Fixed]"),
    change_operator, change_line, change_step, change_divergence_line, change_value,
    change_expected, move_a_test, change_a_test, change_buggy_code, change_count,
)  # fmt: skip


def test_changed_rows_are_found_and_no_others(built: Path, tmp_path: Path) -> None:
    """One change of each kind, each in a row of its own; their ids are named."""
    copy = Path(shutil.copytree(built, tmp_path / "pyx"))
    planted = spoil(copy, "debug", CHANGES)

    assert named(verify(copy).mismatches, "debug") == set(planted.values())
    assert len(set(planted.values())) == len(CHANGES)


def test_a_changed_row_of_pyx_r_is_found(built: Path, tmp_path: Path) -> None:
    """Its text is that of the row of `debug`."""
    copy = Path(shutil.copytree(built, tmp_path / "pyx"))

    def change_fault(row: Row) -> None:
        row["fault"] += " "

    planted = spoil(copy, "pyx_r", [change_fault])
    assert named(verify(copy).mismatches, "pyx_r") == set(planted.values())

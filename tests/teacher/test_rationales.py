"""A model's own mistakes become bugs, and what it says about bugs is kept where the runs agree."""

import re
import shutil
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pyx_dataset.layout import REFINED_OPEN
from pyx_dataset.pipeline import build
from pyx_dataset.teacher.prompts import load_prompts
from pyx_dataset.teacher.protocol import Request
from pyx_dataset.teacher.scripted import Scripted
from pyx_dataset.verify import verify
from tests.debugging.samples import watch
from tests.export.spoil import Row, named, spoil
from tests.teacher.pupils import PROBLEM, config
from tests.teacher.test_teaching import digest, every, reasons

SEEDS = '''# SPDX-License-Identifier: MIT
"""One function."""


def shift(x, by):
    """Move a number, but never below zero.

    >>> shift(1, 2)
    3
    >>> shift(1, -5)
    0
    """
    y = x + by
    if y < 0:
        y = 0
    return y
'''
NEAR = "def shift(x, by):\n    y = by + x\n    if y < 0:\n        y = 1\n    return y\n"
FAR = "def shift(x, by):\n    return abs(x + by)\n"
SOLUTIONS = (
    NEAR, FAR, "def shift(x, by):\n    return max(0, x + by)\n",
    "def shift(x, by):\n    return nothing\n", "def shift(x):\n    return x\n",
)  # fmt: skip
RIGHT = "def shift(x, by):\n    return x + by if x + by > 0 else 0\n"


def model(request: Request) -> str:
    """What the model says; a rationale is true, has a wrong step, mends nothing, comes again."""
    if request.task == "solution":
        return f"```python\n{SOLUTIONS[request.sample]}```"
    if request.sample == 4:
        return ""
    code = request.prompt.partition("[PYTHON]\n")[2].partition("[/PYTHON]")[0]
    code = re.sub(r" # \[L\d+\]$", "", code, flags=re.MULTILINE)
    call = request.prompt.partition("```python\nassert ")[2].partition(" == ")[0]
    seen = [item for item in watch(code, call) if "x" in item.local]
    start = seen[0].local
    steps = [f"[L5] It starts with `x = {start['x']!r}` and `by = {start['by']!r}`."]
    for one, other in pairwise(seen):
        if (value := other.local.get("y")) != one.local.get("y"):
            steps.append(f"[L{one.line + 4}] `y` becomes `{value!r}`.")
        elif one.event == "line":
            steps.append(f"[L{one.line + 4}] This line runs.")
    names: dict[str, Any] = {}
    exec(code, names)
    given = eval(call, names) + (request.sample == 1)
    mended = code if request.sample == 2 else RIGHT
    return (
        f"### Execution Simulation\n{' '.join(steps)} `shift` returns `{given!r}`.\n\n"
        "### Root Cause Analysis\nThe lower bound is not kept.\n\n"
        "### Bug Fixing\nNothing below zero may come out.\n"
        f"[/MONOLOGUE]\n[Refined]\n```python\n{mended}```\n[/Refined]"
    )


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one source file."""
    folder = tmp_path_factory.mktemp("bug seeds")
    (folder / "one.py").write_text(SEEDS)
    return folder


def settings(seeds: Path) -> Any:
    return config(str(seeds), tasks=("solution", "debugging"), executions=4)


@pytest.fixture(scope="module")
def teacher() -> Scripted:
    """The model."""
    return Scripted("tiny", model)


@pytest.fixture(scope="module")
def taught(seeds: Path, teacher: Scripted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build with it."""
    out = tmp_path_factory.mktemp("bugs") / "pyx"
    build(settings(seeds), out, teacher=teacher)
    return out


def test_a_failing_solution_is_a_bug_that_the_narrator_tells(taught: Path) -> None:
    """Only the line that matters is mended: that it adds in another order is left as it is."""
    (row,) = every(taught, "debug", buggy_code=NEAR, teacher="narrator")

    assert (row["operator"], row["lines"], row["line"]) == ("model", [4], 4)
    assert row["refined"] == NEAR.replace("y = 1", "y = 0") != row["code"]
    assert (row["buggy_teacher"], row["is_aligned"]) == ("tiny", True)
    assert row["buggy_prompt_hash"] == load_prompts()["solution"].hash
    assert row["divergence_line"] == 4
    assert "[L8]" in row["completion"][0]["content"].partition("### Root Cause")[2]


def test_a_solution_of_another_kind_is_told_by_the_model_alone(taught: Path) -> None:
    """Nothing aligns it with the program: the divergence from the mended one is the return."""
    (row,) = every(taught, "debug", buggy_code=FAR)

    assert (row["teacher"], row["operator"]) == ("tiny", "model")
    assert row["prompt_hash"] == load_prompts()["debugging"].hash
    assert row["refined"] == RIGHT
    assert reasons(taught, "debug")["too_different"] >= 1


def test_every_bug_is_one_and_every_refined_program_mends_it(taught: Path) -> None:
    """CPython itself runs the assertions."""
    found = every(taught, "debug")
    for row in found:
        refined = row["completion"][0]["content"].partition(REFINED_OPEN)[2]
        code = refined.partition("```python\n")[2].partition("```")[0]
        assert code.strip() == row["refined"].strip()
        for test in (*row["passing"], *row["failing"]):
            exec(f"{code}\n{test}", {})
        for test in row["passing"]:
            exec(f"{row['buggy_code']}\n{test}", {})
        for test in row["failing"]:
            with pytest.raises(Exception):  # noqa: B017, PT011  (the test's own, or the bug's)
                exec(f"{row['buggy_code']}\n{test}", {})

    assert Counter(row["teacher"] for row in found) == {"narrator": 3, "tiny": 4}


def test_an_attempt_that_was_repaired_is_a_bug_of_the_program_that_it_became(
    seeds: Path, tmp_path: Path
) -> None:
    """It raises in most calls of its own, and is held against all of the kept program's."""
    attempt = PROBLEM.format(by="(2 if n > 9 else 0)")
    repaired = PROBLEM.format(by=2).split("```python\n")[1].split("```")[0]

    def inventor(request: Request) -> str:
        return attempt if request.task == "problem" else f"```python\n{repaired}```"

    only = config(str(seeds), tasks=("problem",))
    build(only, tmp_path / "pyx", teacher=Scripted("tiny", inventor))
    (row,) = every(tmp_path / "pyx", "debug", operator="model")

    assert (row["code"], row["refined"]) == (repaired, repaired)
    assert "2 if n > 9 else 0" in row["buggy_code"]
    assert row["exception"].startswith("ZeroDivisionError")
    assert row["buggy_prompt_hash"] == load_prompts()["problem"].hash
    assert row["passing"]
    assert verify(tmp_path / "pyx").mismatches == ()


def test_solutions_that_fail_are_worse_answers_to_the_task(taught: Path) -> None:
    """Each with a call that shows it; one of other parameters is no answer."""
    pairs = every(taught, "preference", task="nl2code")

    assert len(pairs) == 3
    assert {row["reason"] for row in pairs} == {"fails_a_call"}
    assert all("should give" in row["detail"] for row in pairs)
    assert reasons(taught, "taught solution") == {"fails_a_call": 3, "other_signature": 1}


def test_of_five_rationales_the_true_one_is_kept(taught: Path) -> None:
    """Four bugs were asked about; the others have their reason, and two of them their pair."""
    counts = reasons(taught, "taught debugging")
    pairs = every(taught, "preference", task="debug")

    assert counts == {"claim_contradicted": 4, "fails_a_call": 4, "repeated": 4, "no_answer": 4}
    assert Counter(row["reason"] for row in pairs) == {"claim_contradicted": 4, "fails_a_call": 4}
    debug = {row["id"]: row for row in every(taught, "debug")}
    for row in pairs:
        better = debug[row["chosen_id"]]
        assert (row["prompt"], row["chosen"]) == (better["prompt"], better["completion"])
        assert row["teacher"] == better["teacher"] == "tiny"


def test_the_prompt_has_all_that_debugging_takes(taught: Path, teacher: Scripted) -> None:
    """Task, program with labels, failing test, what happened, and both values."""
    about = [item for item in teacher.asked if item.task == "debugging"]
    for row in every(taught, "debug", teacher="tiny"):
        wanted = row["id"].removesuffix("_t0")
        prompt = next(item.prompt for item in about if item.subject == wanted)
        for part in ("Move a number", "# [L6]", row["failing"][0], f"`{row['expected']}`",
                     f"it gives `{row['value']}`"):  # fmt: skip
            assert part in prompt


def test_a_taught_set_verifies(taught: Path) -> None:
    """Rows of the model and pairs are judged again, under another hash seed."""
    report = verify(taught)

    assert report.mismatches == ()
    assert report.checked["preference"] >= 8


def test_changed_rows_are_found(taught: Path, tmp_path: Path) -> None:
    """A step of a kept rationale, the program it gives, who wrote it; a worse answer set right."""
    copy = Path(shutil.copytree(taught, tmp_path / "pyx"))

    def of_model(row: Row) -> bool:
        return row["teacher"] == "tiny"

    def another_step(row: Row) -> bool | None:
        text = row["completion"][0]["content"]
        wrong = text.replace("`shift` returns `", "`shift` returns `9", 1)
        return False if not of_model(row) else row["completion"][0].update(content=wrong)

    def another_program(row: Row) -> bool | None:
        if not of_model(row):
            return False
        text = row["completion"][0]["content"].replace(row["refined"], row["buggy_code"])
        row["completion"][0]["content"] = text
        row["refined"] = row["buggy_code"]
        return None

    def another_line(row: Row) -> bool | None:
        return row["lines"].append(9)  # type: ignore[no-any-return]

    def another_writer(row: Row) -> bool | None:
        return False if row["operator"] == "model" else row.update(buggy_teacher="tiny")

    changes = (another_step, another_program, another_line, another_writer)
    planted = spoil(copy, "debug", changes)

    def no_fault(row: Row) -> bool | None:
        is_step = row["task"] == "debug" and row["reason"] == "claim_contradicted"
        if not is_step or row["chosen_id"] in planted.values():
            return False
        row["rejected"][0]["content"] = row["chosen"][0]["content"].replace("### Bug", "###  Bug")
        return None

    mended = spoil(copy, "preference", [no_fault])
    found = verify(copy).mismatches

    assert named(found, "debug") == set(planted.values())
    assert set(mended.values()) <= named(found, "preference")


@pytest.mark.slow
def test_the_same_answers_give_the_same_bytes(seeds: Path, taught: Path, tmp_path: Path) -> None:
    """For two workers as for one."""
    build(settings(seeds), tmp_path / "pyx", workers=2, teacher=Scripted("tiny", model))

    assert digest(tmp_path / "pyx") == digest(taught)

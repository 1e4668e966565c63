"""What is scored is what was asked for, and the same every time."""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.benchmarks import (
    BENCHMARKS,
    CallTask,
    ProgramTask,
    Task,
    digest,
    read_cruxeval,
    read_pyx,
    read_pyx_debug,
    subsample,
)
from evaluation.prompts import ask
from evaluation.shown_tests import shown_tests
from pyx_dataset.errors import InputError
from tests.evaluation.conftest import DEBUG

programs = st.lists(st.integers(1, 5), min_size=1, max_size=8)


def tasks_of(sizes: list[int]) -> list[Task]:
    """`sizes[i]` calls of program ``i``."""
    return [
        CallTask(f"{program}.{call}", str(program), "output", "", "f", "f()", "1")
        for program, size in enumerate(sizes)
        for call in range(size)
    ]


@given(programs, st.integers(1, 40))
def test_a_sample_covers_as_many_programs_as_it_can(sizes: list[int], limit: int) -> None:
    """No program gives a second call before every program gave its first."""
    chosen = subsample(tasks_of(sizes), limit)
    assert len(chosen) == min(limit, sum(sizes))
    assert len({task.program for task in chosen}) == min(limit, len(sizes))


@given(programs, st.integers(1, 20), st.integers(0, 5))
def test_a_sample_does_not_depend_on_the_order_of_rows(
    sizes: list[int], limit: int, seed: int
) -> None:
    """Shuffled rows give the same tasks in the same order."""
    tasks = tasks_of(sizes)
    shuffled = Random(seed).sample(tasks, len(tasks))
    assert subsample(shuffled, limit) == subsample(tasks, limit)


@given(programs, st.integers(1, 20))
def test_a_smaller_sample_is_a_part_of_a_larger_one(sizes: list[int], limit: int) -> None:
    """So raising the limit reuses every answer."""
    tasks = tasks_of(sizes)
    assert subsample(tasks, limit) == subsample(tasks, limit + 1)[:limit]


def test_only_calls_that_returned_are_asked(data: Path) -> None:
    """A call that raised has no value to predict."""
    tasks = read_pyx(str(data), "output")
    assert len(tasks) == 6
    assert "raised" not in {task.id for task in tasks}


def test_a_changed_truth_changes_the_digest(data: Path) -> None:
    """Runs on different tasks cannot pass for runs on the same."""
    tasks = read_pyx(str(data), "output")
    assert digest(tasks) != digest(tasks[1:])


def test_bugs_are_asked_as_the_rows_ask(data: Path) -> None:
    """The prompt is the published one, and the failure it shows is among the first tests."""
    [task] = read_pyx_debug(str(data))
    assert isinstance(task, ProgramTask)
    assert ask(task, "direct").messages == DEBUG["prompt"]
    assert shown_tests(task, "public")[0].text in task.fault


@pytest.mark.parametrize("name", ["nowhere", "./nowhere", "/nowhere/at/all"])
def test_a_folder_that_is_not_there_is_said(name: str) -> None:
    """And never built instead, nor looked for on the Hub for long."""
    with pytest.raises(InputError, match="nowhere"):
        read_pyx(name, "output")


def test_a_data_set_without_the_config_is_said(tmp_path: Path) -> None:
    """With the config that is missing."""
    (tmp_path / "train.jsonl").write_text('{"a": 1}\n', encoding="utf-8")
    with pytest.raises(InputError, match="executions"):
        read_pyx(str(tmp_path), "output")


def test_a_data_set_without_the_split_is_said(data: Path) -> None:
    """With the split that is missing."""
    with pytest.raises(InputError, match="dev"):
        read_pyx(str(data), "output", "dev")


def test_cruxeval_rows_become_calls_of_f(tmp_path: Path) -> None:
    """The published columns, read as published."""
    path = tmp_path / "crux.jsonl"
    row = {"id": "s0", "code": "def f(a, b): return a", "input": "1, 2", "output": "1"}
    path.write_text(json.dumps(row), encoding="utf-8")
    [task] = read_cruxeval(str(path), "output")
    assert isinstance(task, CallTask)
    assert (task.call, task.value) == ("f(1, 2)", "1")


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"id": "x"}'])
@pytest.mark.parametrize(
    "name",
    ["cruxeval-output", "livecodebench-output", "humaneval", "humaneval+", "mbpp", "mbpp+"],
)
def test_a_file_of_the_wrong_shape_is_said(tmp_path: Path, name: str, content: str) -> None:
    """In one sentence that names the file."""
    path = tmp_path / "odd.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"odd\.jsonl"):
        BENCHMARKS[name](str(path))

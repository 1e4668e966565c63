"""Decontamination, held against benchmark rows in the shapes of the field."""

import gzip
import json
from pathlib import Path

import pytest

from pyx_dataset.errors import InputError
from pyx_dataset.filters.decontaminate import (
    Benchmark,
    Hit,
    contaminated,
    read_benchmarks,
    shared_pair,
)

SOLUTION = (
    "    best = None\n    for a, b in zip(xs, xs[1:]):\n        if best is None or abs(a - b) "
    "< best:\n"
    "            best = abs(a - b)\n    return best\n"
)
TEXT = "Return the smallest distance of two neighbours in a list of whole numbers."
HUMAN_EVAL = {
    "task_id": "HumanEval/900",
    "prompt": f'def nearest(xs):\n    """ {TEXT}\n    >>> nearest([1, 4])\n    3\n    """\n',
    "canonical_solution": SOLUTION,
    "test": "def check(candidate):\n    assert candidate([10, 15, 16]) == 1\n",
}
MBPP = {
    "task_id": 901,
    "prompt": "Write a function to weave two words letter by letter into one.",
    "code": 'def weave(a, b):\n  return "".join(x + y for x, y in zip(a, b))',
    "test_list": [
        "assert weave([], []) == []",
        'assert weave("ab", "cd") == "acbd"',
        "assert set(weave('a','b')) == {1}",
    ],
}
CRUX = {"id": "sample_902", "code": "def f(a, b):\n    return a + [b]", "input": "[10, 20], 2",
        "output": "[10, 20, 2]"}  # fmt: skip


def written(tmp_path: Path, *rows: object, name: str = "bench.jsonl") -> tuple[Benchmark, ...]:
    text = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return read_benchmarks((str(path),))


def test_a_solution_in_other_layout_is_found(tmp_path: Path) -> None:
    """Comments, blank lines and what stands around it do not hide it; gzip is read too."""
    bench = written(tmp_path, HUMAN_EVAL, name="HumanEval.jsonl.gz")
    code = (
        f"def nearest_pair(xs):\n    # "
        f"mine\n{SOLUTION.replace('    best = abs', '    best  =  abs')}"
    )

    assert contaminated(code, "", bench) == Hit("HumanEval", "tokens", "HumanEval/900")


def test_a_common_loop_is_no_contamination(tmp_path: Path) -> None:
    """Twelve tokens in a row are chance."""
    bench = written(tmp_path, HUMAN_EVAL)
    code = "def f(xs):\n    for a, b in zip(xs, ys):\n        print(a)\n    return best\n"

    assert contaminated(code, "Print all but the last.", bench) is None


@pytest.mark.parametrize(
    "instruction",
    [
        f"A task.\n\n{TEXT.upper()} Be quick.",
        "the smallest distance of two neighbours in a list of whole",
        "Write a function to weave two words\n  letter by letter into one.",
    ],
)
def test_the_text_of_a_task_is_found_in_the_description(instruction: str, tmp_path: Path) -> None:
    """Either within the other, case and layout aside."""
    hit = contaminated(
        "def f(x):\n    return x\n", instruction, written(tmp_path, HUMAN_EVAL, MBPP)
    )

    assert hit is not None
    assert hit.rule == "text"


@pytest.mark.parametrize(
    ("call", "value", "task"),
    [
        ("g([10, 15, 16])", "1", "HumanEval/900"),
        ("g('ab', 'cd')", "'acbd'", "901"),
        ("other([10, 20], b=2)", "[10, 20, 2]", "sample_902"),
        ("g([10, 15, 16])", "2", None),
        ("g([10, 15])", "1", None),
        ("g([])", "[]", None),
        ("g(x)", "1", None),
    ],
)
def test_a_call_with_its_value_is_found(
    call: str, value: str, task: str | None, tmp_path: Path
) -> None:
    """Arguments and value count, the name of the function does not."""
    hit = shared_pair(call, value, written(tmp_path, HUMAN_EVAL, MBPP, CRUX))

    assert (hit and hit.task) == task


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "has no rows"),
        (b"not json\n", "line 1 is not JSON"),
        (b'["a"]\n', "is a list, not an object"),
        (
            b'{"question": "x", "answer": 1}\n',
            "has the fields answer, question; expected HumanEval",
        ),
        (b'{"code": "def f(:"}\n', "the program of .* line 1 does not parse"),
        (b"\x1f\x8bgarbage", "cannot read the benchmark"),
    ],
)
def test_a_file_of_another_shape_is_said(content: bytes, says: str, tmp_path: Path) -> None:
    """Nothing is let through because a benchmark could not be read."""
    (tmp_path / "b.jsonl").write_bytes(content)
    with pytest.raises(InputError, match=says):
        read_benchmarks((str(tmp_path / "b.jsonl"),))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(InputError, match=r"cannot read the benchmark .*gone\.jsonl"):
        read_benchmarks((str(tmp_path / "gone.jsonl"),))

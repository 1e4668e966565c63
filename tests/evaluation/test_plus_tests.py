"""EvalPlus's tests accept what they should, in both forms in which they are published."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.benchmarks import BENCHMARKS
from evaluation.plus_tests import shaped_like, source
from evaluation.scoring import grade
from pyx_dataset.errors import InputError

HALF = {
    "task_id": "HumanEval/900",
    "prompt": 'def half(x):\n    """Half of it."""\n',
    "entry_point": "half",
    "canonical_solution": "    return x / 2\n",
    "base_input": [[1]],
    "plus_input": [[10], [0.3]],
    "atol": 0,
}
ZEROS = {
    "task_id": "HumanEval/903",
    "prompt": "def zeros(n):\n",
    "entry_point": "zeros",
    "canonical_solution": "    return '0' + zeros(n - 1) if 0 < n < 9 else '0' * n\n",
    "base_input": [[3]],
    "plus_input": [[200], [9_000_000]],
    "atol": 0,
}
PAIRS = {
    "task_id": "Mbpp/901",
    "prompt": '"""\nThe longest of the tuples.\nassert longest([(1,), (2, 3)]) == (2, 3)\n"""\n',
    "entry_point": "longest",
    "canonical_solution": "def longest(xs):\n    return max(xs, key=len)\n",
    "assertion": "assert longest([(1,), (2, 3)]) == (2, 3)",
    "base_input": [[[[1], [2, 3]]]],
    "plus_input": [[[[4, 5, 6], []]]],
    "atol": 0,
}
FINISHED = {
    "task_id": 902,
    "prompt": "A third of it.",
    "code": "def third(x):\n    return x / 3\n",
    "test_imports": [],
    "test_list": ["assert third(3) == 1"],
    "test": """import numpy as np
def assertion(out, exp, atol):
    if not out == exp:
        assert np.allclose(out, exp, rtol=1e-07, atol=atol)
inputs = [[3], [1]]
results = [1.0, 0.3333333333333]
for i, (inp, exp) in enumerate(zip(inputs, results)):
    assertion(third(*inp), exp, 1e-6)
""",
}


@pytest.mark.parametrize(
    ("name", "row", "answer", "passed"),
    [
        ("humaneval+", HALF, "def half(x):\n    return x * 0.5\n", True),
        ("humaneval+", HALF, "    return x / 2 + 1e-9\n", True),
        ("humaneval+", HALF, "    return x / 2 + 1e-3\n", False),
        ("humaneval+", HALF, "    return x // 2 if x == 10 else 0.5\n", False),
        # Of nine million zeros nothing is asked; of two hundred much.
        ("humaneval+", ZEROS, "    return '0' * min(n, 200)\n", True),
        ("humaneval+", ZEROS, "    return '0' * min(n, 199)\n", False),
        ("humaneval+", ZEROS, "    return '1' * n\n", False),
        ("mbpp+", PAIRS, "def longest(xs):\n    return max(xs, key=lambda x: len(x))\n", True),
        ("mbpp+", PAIRS, "def longest(xs):\n    return list(max(xs, key=len))\n", False),
        ("mbpp+", FINISHED, "def third(x):\n    return x * (1 / 3)\n", True),
        ("mbpp+", FINISHED, "def third(x):\n    return 1\n", False),
    ],
)  # fmt: skip
def test_a_program_passes_where_it_gives_what_the_solution_gives(
    tmp_path: Path, name: str, row: dict[str, Any], answer: str, passed: bool
) -> None:
    """Floats within EvalPlus's tolerance, everything else exactly; tuples are tuples."""
    path = tmp_path / "plus.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    tasks = BENCHMARKS[name](str(path))
    assert next(grade(tasks, [f"```python\n{answer}```"])).passed is passed


@pytest.mark.parametrize("lost", ["plus_input", "atol"])
def test_a_row_that_lacks_a_part_is_said(tmp_path: Path, lost: str) -> None:
    """With the part."""
    path = tmp_path / "plus.jsonl"
    path.write_text(json.dumps({k: v for k, v in HALF.items() if k != lost}), encoding="utf-8")
    with pytest.raises(InputError, match=lost):
        BENCHMARKS["humaneval+"](str(path))


plain = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.lists(inner, max_size=3),
    max_leaves=6,
)


@given(plain)
def test_a_value_that_went_through_json_gets_its_types_back(value: Any) -> None:
    """From itself as the example, where a list does not hold both kinds."""
    back = shaped_like(json.loads(json.dumps(value)), [value])
    assert json.dumps(back) == json.dumps(value)
    assert type(back) is type(value)


@given(plain | st.floats(allow_nan=False))
def test_source_means_the_value(value: Any) -> None:
    """By `eval`."""
    assert eval(source(value)) == value

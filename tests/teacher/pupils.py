"""Three functions to teach, and a model that knows them: what it says is worked out by CPython."""

import ast
import re

from pyx_dataset.config import BuildConfig
from pyx_dataset.teacher.protocol import Request
from pyx_dataset.teacher.settings import TeacherConfig

SEEDS = '''# SPDX-License-Identifier: MIT
"""Two functions."""


def shift(x, by):
    """Move a number.

    >>> shift(1, 2)
    3
    """
    y = x + by
    return y


def jackpot(code, tries):
    """What is won.

    >>> jackpot(5, 2)
    0
    """
    won = 0
    if code * 2 == 864197532:
        for number in range(tries):
            won += number
    return won
'''

SAMPLES = 5
"""Right, a wrong step, a wrong answer, the right one again, nothing."""

PROBLEM = """### Problem
Write `half(n)`: the integer half of `n`, never less than `low`.

### Plan
Divide.

### Solution
```python
def half(n, low):
    result = n // {by}
    if result < low:
        result = low
    return result
```

### Calls
```python
half(9, 1)
half(2, 5)
half(-7, 0)
half(100, 3)
```
"""


def config(folder: str, **teacher: object) -> BuildConfig:
    """A build of the two functions, with whatever else is said of its teacher."""
    plain = {"kind": "endpoint", "model": "tiny", "samples": SAMPLES, "executions": 2,
             "problems": 1, "tasks": ("problem", "inputs", "forward", "backward")}  # fmt: skip
    settings = TeacherConfig(**{**plain, **teacher})  # type: ignore[arg-type]  # a test's shorthand
    return BuildConfig(
        seeds=(f"files:{folder}",), max_proposals=40, shard_programs=1, teacher=settings
    )


def model(request: Request) -> str:
    """What the model says."""
    match request.task:
        case "problem":
            return PROBLEM.format(by=0)
        case "repair":
            return "```python\n" + PROBLEM.format(by=2).split("```python\n")[1].split("```")[0]
        case "inputs":
            lucky = (f"- jackpot(432098766, {tries})" for tries in range(2, 7))
            return "\n".join([*lucky, "jackpot(432098766, 'a')", "jackpot(5, open)", "half(0, 0)"])
        case "forward":
            return forward(request)
    return backward(request)


def forward(request: Request) -> str:
    """A monologue about `shift`, and only words about the others."""
    call = re.search(r"assert (shift\(.*\)) == \?\?", request.prompt)
    if call is None:
        return "I do not know this one."
    x, by = _arguments(call[1])
    y = x + by
    step = y + (request.sample == 1)
    said = y + (request.sample == 2)
    text = (
        "### Understanding the Function\nIt adds.\n\n"
        "### Key Properties and Constraints\n- None.\n\n"
        f"### Execution Simulation\n[L5] It starts with `x = {x!r}` and `by = {by!r}`. "
        f"[L6] `y` becomes `{step!r}`.\n[L7] `shift` returns `{y!r}`.\n\n"
        f"### Conclusion\nThe call returns `{said!r}`.\n"
        f"[/MONOLOGUE]\n[ANSWER]\nassert {call[1]} == {said!r}\n[/ANSWER]"
    )
    return "" if request.sample == 4 else text


def backward(request: Request) -> str:
    """Any number is that number moved by nothing."""
    asked = re.search(r"assert shift\(\?\?\) == (.*)", request.prompt)
    if asked is None:
        return "### Understanding the Function\nNo idea."
    value = ast.literal_eval(asked[1])
    x = value + (request.sample == 2)
    return (
        "### Understanding the Function\nIt adds.\n\n"
        "### Key Properties and Constraints\n- None.\n\n"
        f"### Reverse Deduction\n- The output is `{value!r}`, the value of `y`.\n"
        f"- `y` is `x + by`; take `by = 0` and `x = {x!r}`.\n\n"
        f"### Conclusion\n`shift({x!r}, 0)` gives `{value!r}`.\n"
        f"[/MONOLOGUE]\n[ANSWER]\nassert shift({x!r}, 0) == {value!r}\n[/ANSWER]"
    )


def _arguments(call: str) -> tuple[float, float]:
    """The two numbers of a call, however they are given."""
    node = ast.parse(call, mode="eval").body
    assert isinstance(node, ast.Call)
    found = dict(zip(("x", "by"), map(ast.literal_eval, node.args), strict=False))
    found |= {item.arg: ast.literal_eval(item.value) for item in node.keywords if item.arg}
    return found["x"], found["by"]

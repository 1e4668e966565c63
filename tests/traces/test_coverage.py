"""Lines and branches, held against coverage.py running the same calls."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.traces.coverage import points_of, reached, together

SORTING = """def partition(xs, key,
              reverse=False):
    low, high = [], []
    for x in xs:
        if (x < key and
                not reverse):
            low.append(x)
        elif x > key:
            high.append(
                x
            )
        else:
            continue
        if len(low) > 3: break
    else:
        low.append(None)
    return low, high
"""
HALVING = """def steps(n):
    count = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        count += 1
        if count > 20:
            raise ValueError(n)
    return count
"""
GUARDS = """def read(text, base=10):
    try:
        value = int(text, base)
    except TypeError:
        return "type"
    except ValueError:
        if text:
            return None
        value = 0
    finally:
        base += 1
    with memoryview(b"") as view:
        if not view:
            value += base
    return value
"""
KINDS = """def kind(x):
    match x:
        case 0 | 1:
            return "bit"
        case [first, *_] if first:
            return "list"
        case {"k": v}:
            return v
    assert x, "nothing"
    def inner(y):
        if y:
            return "inner"
    return inner(x == 2)
"""
FLOW = """def flow(n):
    out = []
    for each in produce(n):
        out.append(each)
    while True:
        if len(out) > 2:
            return [a for a in out if a] or None
        out.append(0)


def produce(n):
    for i in range(n):
        if i % 2:
            yield i
"""

CASES = [
    ("partition", SORTING, ["partition([1, 5, 3], 3)", "partition([], 1)", "partition([9], 1)"]),
    ("partition", SORTING, ["partition([1, 1, 1, 1, 1], 3)"]),
    ("steps", HALVING, ["steps(1)", "steps(6)"]),
    ("steps", HALVING, ["steps(27)"]),
    ("read", GUARDS, ["read('12')", "read('')"]),
    ("read", GUARDS, ["read('x')", "read(None)"]),
    ("kind", KINDS, ["kind(1)", "kind([3])", "kind({'k': 4})"]),
    ("kind", KINDS, ["kind([])", "kind(2)", "kind('z')", "kind([0])"]),
    ("flow", FLOW, ["flow(0)"]),
    ("flow", FLOW, ["flow(7)", "flow(1)"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One for all cases."""
    with Sandbox(hash_seed=1) as box:
        yield box


@pytest.mark.parametrize(("name", "code", "calls"), CASES)
def test_coverage_py_agrees(
    name: str, code: str, calls: list[str], tmp_path: Path, sandbox: Sandbox
) -> None:
    """The same lines, the same branches of each line, and the same of both were taken."""
    file = tmp_path / "program.py"
    file.write_text(code, encoding="utf-8")
    peer = coverage.Coverage(branch=True, data_file=None, include=[str(file)])
    scope: dict[str, object] = {}
    with peer.collect():
        exec(compile(code, str(file), "exec"), scope)
        for call in calls:
            try:
                eval(call, scope)
            except (ValueError, AssertionError):
                continue
    _, statements, _, missing, _ = peer.analysis2(str(file))
    definitions = {n for n, line in enumerate(code.split("\n"), 1) if line.startswith("def ")}
    there = points_of(code, name)
    (result,) = sandbox.run([Job("p", code, tuple(calls), trace=True)])
    got = together(reached(there, call.steps or ()) for call in result.calls)

    assert there.lines == set(statements) - definitions
    assert got.lines == there.lines - set(missing)
    assert {
        line: (count, Counter(way for way, _ in got.branches)[line])
        for line, count in Counter(line for line, _ in there.branches).items()
    } == peer.branch_stats(str(file))


def test_what_runs_only_on_load_does_not_count() -> None:
    """A helper that made a constant cannot be entered by a call; one that a class needs can."""
    code = """def table(n):
    if n:
        return {n: 1}
    return {}


TABLE = table(3)


class Box:
    def __init__(self, x):
        self.x = x

    def unused(self):
        return 3


def f(x):
    return TABLE.get(Box(x).x)
"""

    assert points_of(code, "f").lines == {12, 19}
    assert points_of(code, "table").lines == {2, 3, 4}


def test_a_function_made_on_load_counts() -> None:
    """What a module-level call gave may be a function, and that one can be entered."""
    code = """def adder(n):
    def add(x):
        return x + n
    return add


add_two = adder(2)


def f(x):
    return add_two(x)
"""

    assert points_of(code, "f").lines == {3, 11}


def test_a_program_of_one_way_is_covered_by_any_call() -> None:
    """No branch means all branches, not none."""
    there = points_of("def f(x):\n    y = x + 1\n    return y\n", "f")

    assert there.branches == frozenset()
    assert there.share(there) == (1.0, 1.0)

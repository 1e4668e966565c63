"""Programs whose runs the monologue tests tell and check."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from pyx_dataset.schema import Outcome, Trace
from pyx_dataset.traces.codec import decode_steps
from pyx_dataset.traces.tracer import Tracer
from pyx_dataset.traces.values import canonical


@dataclass(frozen=True)
class Case:
    """A program and a call of it."""

    code: str
    call: str
    instruction: str = ""

    @property
    def name(self) -> str:
        """The function that is called."""
        return self.call.partition("(")[0]


def _case(code: str, *calls: str) -> list[Case]:
    return [Case(textwrap.dedent(code).lstrip(), call) for call in calls]


CASES = [
    *_case(
        """
        def f(nums):
            total = 0
            best = nums[0]
            for x in nums:
                total = max(x, total + x)
                best = max(best, total)
            return best
        """,
        "f([4, -7, 2, 3, -1])",
        "f([1])",
    ),
    *_case(
        """
        def f(text, delim):
            return text[:text[::-1].find(delim)][::-1]
        """,
        'f("dsj osq wi w", " ")',
        'f("a`b", "b")',
    ),
    *_case(
        """
        def gcd(a, b):
            while b:
                a, b = b, a % b
            return a

        def f(xs, k=3):
            out = []
            for x in xs:
                if x > k and x % 2 == 0:
                    out.append(gcd(x, 12))
                elif x < 0:
                    break
            return out
        """,
        "f([1, 8, 3, 10, -1, 4])",
        "f([], k=2)",
    ),
    *_case(
        """
        def fib(n):
            if n < 2:
                return n
            return fib(n - 1) + fib(n - 2)
        """,
        "fib(4)",
    ),
    *_case(
        """
        def f(s):
            counts = {}
            for c in s:
                counts[c] = counts.get(c, 0) + 1
            best = None
            for c, n in counts.items():
                if best is None or n > counts[best]:
                    best = c
            return (best, counts[best])
        """,
        'f("hello world")',
    ),
    *_case(
        """
        def f(s, default=None):
            try:
                return int(s)
            except ValueError:
                default = default or -1
            return default
        """,
        'f("12")',
        'f("x")',
    ),
    *_case(
        """
        LIMIT = 3

        def f(grid):
            alias = grid
            for row in grid:
                for i in range(len(row)):
                    if row[i] >= LIMIT:
                        row[i] = 0
                        continue
                    row[i] += 1
            alias.append([])
            return grid
        """,
        "f([[1, 2], [3]])",
    ),
    *_case(
        """
        def f(n):
            steps = 0
            while n != 1:
                n = n // 2 if n % 2 == 0 else 3 * n + 1
                steps += 1
            return steps
        """,
        "f(6)",
        "f(1)",
    ),
    *_case(
        """
        def f(xs):
            seen = set()
            first = (
                xs[0]
                if xs
                else None
            )
            for i, x in enumerate(xs):
                if x in seen:
                    return (i, first)
                seen.add(x)
        """,
        "f([1, 2, 1])",
        "f([])",
    ),
    *_case(
        """
        def outer(n):
            def inner(k):
                return k * 2
            total = sum(inner(i) for i in range(n))
            del n
            return total
        """,
        "outer(3)",
    ),
]


def run(case: Case) -> Trace:
    """Trace the call in this process, as the sandbox does in its own."""
    scope: dict[str, object] = {"__name__": "program"}
    exec(compile(case.code, "<program>", "exec"), scope)
    tracer = Tracer(filename="<program>", max_steps=500, max_value_chars=400, source=case.code)
    value = tracer.run(lambda: eval(case.call, scope))
    assert tracer.overflow is None
    steps = decode_steps(tracer.steps)
    return Trace(case.code, case.call, Outcome.RETURNED, canonical(value, 2_000), None, steps)


@pytest.fixture
def trace_of() -> Callable[[str, str], Trace]:
    return lambda code, call: run(Case(textwrap.dedent(code).lstrip(), call))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        ids = [f"{number}-{case.call}" for number, case in enumerate(CASES)]
        metafunc.parametrize("case", CASES, ids=ids)


@pytest.fixture
def trace(case: Case) -> Trace:
    return run(case)

"""What is foreseen of a test is what the test does, or costs nothing but time."""

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.sandbox import judge as judge_module
from pyx_dataset.sandbox.foresee import foreseen
from pyx_dataset.sandbox.judge import Judged, TestCase, judge
from pyx_dataset.sandbox.pool import Sandbox
from pyx_dataset.schema import Outcome

keys = st.text(max_size=4)
literals = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(keys, inner),
    max_leaves=5,
)
SHAPES = (
    "assert candidate({}) == 1",
    "assert candidate({}, key={}) is not None, 'message'",
    "assert candidate({}) == candidate({})",
    "candidate({})",
    "result = candidate({})",
    "assert abs(candidate({}) - 1) < 2 ** 70 or True",
    "for item in [{}]: candidate(item)",
    "assert [candidate(item) for item in [{}]]",
    "held = [{}]; candidate(held)",
    "pass",
)


def calls_made(test: str) -> list[tuple[tuple[object, ...], dict[str, object]]]:
    """The calls that CPython makes when it runs `test`, with what they were given."""
    made: list[tuple[tuple[object, ...], dict[str, object]]] = []

    def candidate(*args: object, **kwargs: object) -> int:
        made.append((args, kwargs))
        return 1

    names: dict[str, Any] = {}
    exec(test, names)
    names["check"](candidate)
    return made


@given(st.lists(st.tuples(st.sampled_from(SHAPES), literals, literals), max_size=6))
def test_foreseen_calls_are_those_that_cpython_makes_first(
    parts: list[tuple[str, object, object]],
) -> None:
    """Of any test that runs through, they are a beginning of the calls really made."""
    lines = [shape.format(repr(one), repr(other)) for shape, one, other in parts]
    test = "def check(candidate):\n" + "".join(f"    {line}\n" for line in [*lines, "pass"])

    found = foreseen(test, "f", ("f",))
    texts = [
        (tuple(map(ast.literal_eval, item["args"])),
         {name: ast.literal_eval(text) for name, text in item["kwargs"].items()})
        for item in found
    ]  # fmt: skip

    assert {item["name"] for item in found} <= {"f"}
    assert repr(texts) == repr(calls_made(test)[: len(texts)])


@pytest.mark.parametrize(
    ("test", "count"),
    [
        ("assert f(1) == 1\nassert f(2) == 2", 2),
        ("def test_a():\n    assert f(1) == 1\n\ndef test_b():\n    assert f(2) == 2", 2),
        ("assert f(1) == 1\nf = abs\nassert f(2) == 2", 1),
        ("assert f(x) == 1\nassert f(2) == 2", 0),
        ("assert f(f(1)) == 1", 0),
        ("assert f(*[1]) == 1", 0),
        ("assert map(f, [1])", 0),
        ("with open('x') as y: f(1)", 0),
    ],
)
def test_foresight_ends_where_the_source_does_not_say(test: str, count: int) -> None:
    """As many calls are foreseen as can be read off the source, and not one more."""
    assert len(foreseen(test, None, ("f",))) == count


COUNTS = "calls = []\ndef f(x):\n    calls.append(x)\n    return len(calls)\n"
SPINS = "def f(x):\n    while x: pass\n    return x\n"
SLOW = """
import time
def f(x):
    end = time.process_time() + 0.1
    while time.process_time() < end: pass
    return x
"""


@pytest.mark.parametrize(
    ("candidate", "test"),
    [
        pytest.param(
            COUNTS,
            "def test_a():\n    return\n    f(1)\n\ndef test_b():\n    assert f(2) == 1",
            id="another call is made first",
        ),
        pytest.param(
            COUNTS,
            "def test_a():\n    return\n    f(1)\n\n"
            "def test_b():\n    try:\n        assert f(2) == 1\n    except BaseException:\n"
            "        assert False",
            id="the test catches what tells it that it went another way",
        ),
        pytest.param(COUNTS, "xs = {}\nxs[f(1)] = f(2)\nassert xs == {2: 1}", id="another order"),
        pytest.param(
            SPINS,
            "assert f(0) == 0\ndef test_a():\n    return\n    f(1)",
            id="the call that never ends is not made",
        ),
        pytest.param(
            SLOW,
            "import time\ndef test_a():\n    end = time.process_time() + 0.15\n"
            "    while time.process_time() < end: pass\n    return\n    f(1)",
            id="time is used up by a call that is not made",
        ),
    ],
)
def test_a_wrong_guess_does_not_change_the_verdict(box: Sandbox, candidate: str, test: str) -> None:
    """Each of these tests passes in CPython, and calls another thing than its source suggests."""
    names: dict[str, Any] = {}
    exec(candidate + "\n" + test, names)
    for name in ("test_a", "test_b"):
        if name in names:
            names["calls"] = names.get("calls", [])
            names[name]()
    assert foreseen(test, None, ("f",))

    (judged,) = judge([TestCase("a", candidate, test)], box)

    assert judged == Judged("a", True, Outcome.RETURNED, "")


@pytest.mark.parametrize(
    ("candidate", "test"),
    [
        (SPINS, "assert f(0) == 0\nassert f(1) == 1"),
        (SPINS, "assert f(0) == 1\nassert f(1) == 1"),
        ("import os\ndef f(x): return os._exit(0) if x else 0", "assert f(0) == 0\nf(1)"),
        ("def f(x): return 1 // x", "assert f(1) == 1\nassert f(0) == 0"),
        ("def f(x): raise SystemExit", "f(1)"),
        ("def f(x): return open", "assert f(1)"),
        ("def f(x): return bytearray(10**10)", "assert f(1)"),
        ("def f(x): x.append(1)", "xs = [0]\nf([1])\nf(xs)\nassert xs == [0, 2]"),
        ("1 / 0", "assert f(0) == 0"),
    ],
)
def test_foresight_changes_no_verdict(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, candidate: str, test: str
) -> None:
    """Judged call by call, each case ends with the same outcome for the same reason."""
    (with_it,) = judge([TestCase("a", candidate, test)], box)
    monkeypatch.setattr(judge_module, "foreseen", lambda *_: ())
    (without,) = judge([TestCase("a", candidate, test)], box)

    assert with_it == without

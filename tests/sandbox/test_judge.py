"""Honest candidates pass their tests, and no other does."""

import pytest

from pyx_dataset.errors import InputError
from pyx_dataset.sandbox.judge import Judged, TestCase, judge
from pyx_dataset.sandbox.pool import Sandbox
from pyx_dataset.schema import Outcome

CHECK = """
METADATA = {}

def check(candidate):
    assert candidate([3, 1, 2]) == [1, 2, 3]
    assert candidate([]) == []
    assert abs(sum(candidate([0.5, 0.25])) - 0.75) < 1e-6
"""


def verdict(box: Sandbox, candidate: str, test: str, **more: str) -> Judged:
    (judged,) = judge([TestCase("a", candidate, test, **more)], box)
    return judged


def test_right_candidate_passes_check_function(box: Sandbox) -> None:
    """The shape of HumanEval."""
    judged = verdict(box, "def f(xs): return sorted(xs)", CHECK, entry_point="f")

    assert judged == Judged("a", True, Outcome.RETURNED, "")


def test_wrong_candidate_fails_with_the_test_it_failed(box: Sandbox) -> None:
    """The reason quotes the line of the test."""
    judged = verdict(box, "def f(xs): return xs", CHECK, entry_point="f")

    assert (judged.passed, judged.outcome) == (False, Outcome.RETURNED)
    assert "assert candidate([3, 1, 2]) == [1, 2, 3]" in judged.reason


CHEATS = {
    "equal to everything": """
class Any(list):
    def __eq__(self, other): return True
    def __iter__(self): return iter([0.75])
def f(xs): return Any()
""",
    "exit before the test": "import os\ndef f(xs): os._exit(0)",
    "exit when loaded": "import sys\nsys.exit(0)",
    "exit from the call": "def f(xs): raise SystemExit(0)",
    "builtins replaced": """
import builtins
builtins.abs = builtins.sum = lambda *_: 0
def f(xs): return xs
""",
    "names of the test defined": "def check(candidate): pass\ndef f(xs): return 1",
    "tests hunted in memory": """
import gc
def f(xs):
    objects = [o for o in gc.get_objects() if o is not f.__globals__]
    found = [o for o in objects if 'METADATA' in str(o)[:10_000]]
    return eval(found[0]) if found else None
""",
    "frames walked": """
import sys
def f(xs):
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()):
            if isinstance(value, dict) and "passed" in value: value["passed"] = True
        frame = frame.f_back
    return None
""",
    "verdict written to every pipe": """
import os, struct
def f(xs):
    text = b'{"passed": true, "outcome": "returned", "reason": ""}'
    for fd in range(3, 64):
        try: os.write(fd, struct.pack(">BI", 0, len(text)) + text)
        except OSError: pass
    os._exit(0)
""",
    "answer with no arguments": """
import os, struct
def f(xs):
    text = b'{"outcome": "returned", "value": "[]", "args": {}, "form": "__class__"}'
    for fd in range(3, 64):
        try: os.write(fd, struct.pack(">BI", 0, len(text)) + text)
        except OSError: pass
    while True: pass
""",
}


@pytest.mark.parametrize("name", CHEATS)
def test_no_cheat_passes(box: Sandbox, name: str) -> None:
    """None of the ways in which scorers of this kind were fooled works."""
    assert not verdict(box, CHEATS[name], CHECK, entry_point="f").passed


def test_replacing_a_builtin_of_the_test_changes_nothing(box: Sandbox) -> None:
    """A candidate's own ``set`` does not stand between its results and the test."""
    cheat = "def set(x): return 0\ndef f(x): return [99]"

    assert not verdict(box, cheat, "assert set(f(1)) == set([1])").passed


def test_bare_asserts_find_the_candidates_function(box: Sandbox) -> None:
    """The shape of MBPP; also for a function that is named like a builtin."""
    assert verdict(box, "def add(a, b): return a + b", "assert add(1, 2) == 3").passed
    assert verdict(box, "def sum(a, b): return a + b", "assert sum(1, 2) == 3").passed


def test_test_functions_are_called(box: Sandbox) -> None:
    """Functions named ``test_`` run, and their helpers come from the setup."""
    test = "def test_a():\n    assert f(1) == one()\n\ndef test_b():\n    assert f(2) == 1"
    judged = verdict(box, "def f(x): return x", test, setup="def one(): return 1")

    assert not judged.passed
    assert "assert f(2) == 1" in judged.reason


def test_changes_of_arguments_come_back_in_place(box: Sandbox) -> None:
    """What the candidate does to its arguments, at any depth, happens to the test's own objects."""
    candidate = """
def f(xs, d, s):
    xs[1].append(3); xs.insert(0, 0)
    d['k'].clear(); del d['q']
    s.add(9)
"""
    test = """
def check(candidate):
    inner, held = [1, 2], {1: 1}
    xs, d, s = [5, inner], {"k": held, "q": 1}, {8}
    assert candidate(xs, d, s) is None
    assert xs == [0, 5, [1, 2, 3]] and d == {"k": {}} and s == {8, 9}
    assert d["k"] is held and held == {}
"""
    judged = verdict(box, candidate, test, entry_point="f")

    assert judged.passed, judged.reason


@pytest.mark.parametrize(
    ("value", "test"),
    [
        ("{1: (2.5, -0.0, 1j), 'é': b'x'}", "f() == {1: (2.5, 0.0, 1j), 'é': b'x'}"),
        ("float('nan')", "f() != f()"),
        ("float('-inf')", "f() == float('-inf')"),
        ("{frozenset(), frozenset({1})}", "f() == {frozenset(), frozenset({1})}"),
        ("__import__('collections').Counter('aab')", "f() == {'a': 2, 'b': 1}"),
        ("(x for x in [1, 2])", "list(f()) == [1, 2]"),
        ("(x for x in [1, 2])", "f() != [1, 2]"),
        ("range(3)", "list(f()) == [0, 1, 2]"),
        ("__import__('re').match('a', 'a')", "f()"),
        ("True", "f() is True"),
        ("10**3000", "f() == 10**3000"),
    ],
)
def test_values_arrive_as_the_tests_need_them(box: Sandbox, value: str, test: str) -> None:
    """Each of these asserts holds in one process too."""
    judged = verdict(box, f"def f():\n    return {value}", f"assert {test}")

    assert judged.passed, judged.reason


def test_exception_arrives_as_its_builtin_type(box: Sandbox) -> None:
    """A test may expect an exception, also one that the candidate derived from a builtin type."""
    candidate = "class Bad(ValueError): pass\ndef f(x): raise Bad('no', x)"
    test = """
def check(candidate):
    try:
        candidate(3)
    except ValueError as exc:
        assert exc.args == ("no", 3)
    else:
        assert False
"""
    assert verdict(box, candidate, test, entry_point="f").passed


@pytest.mark.parametrize(
    ("candidate", "outcome", "words"),
    [
        ("def f(xs): return 1 / 0", Outcome.RAISED, "ZeroDivisionError"),
        ("def f(xs):\n  while True: pass", Outcome.TIMED_OUT, "cpu_s"),
        ("def f(xs): return bytearray(10**10)", Outcome.OUT_OF_MEMORY, "MemoryError"),
        ("def f(xs): return open('/etc/passwd')", Outcome.FORBIDDEN, "PermissionError"),
        ("def f(:", Outcome.INVALID, "SyntaxError"),
        ("def g(xs): pass", Outcome.RAISED, "NameError"),
        ("import os\ndef f(xs): os._exit(0)", Outcome.CRASHED, "status 0"),
    ],
)
def test_outcome_says_how_the_candidate_ended(
    box: Sandbox, candidate: str, outcome: Outcome, words: str
) -> None:
    """A wrong answer, a crash and a timeout are told apart."""
    judged = verdict(box, candidate, CHECK, entry_point="f")

    assert (judged.passed, judged.outcome) == (False, outcome)
    assert words in judged.reason


def test_calls_of_one_test_share_its_time(box: Sandbox) -> None:
    """Many short calls that together pass the limit end the test."""
    candidate = """
import time
def f(x):
    end = time.process_time() + 0.05
    while time.process_time() < end: pass
    return x
"""
    test = "def check(candidate):\n    for x in range(20):\n        assert candidate(x) == x"

    assert verdict(box, candidate, test, entry_point="f").outcome is Outcome.TIMED_OUT


def test_verdicts_come_in_input_order(box: Sandbox) -> None:
    """Many cases on one sandbox, right and wrong in turn."""
    cases = [TestCase(str(n), f"def f(x): return {n % 2}", "assert f(0) == 0") for n in range(20)]
    judged = list(judge(cases, box))

    assert [item.id for item in judged] == [case.id for case in cases]
    assert [item.passed for item in judged] == [n % 2 == 0 for n in range(20)]


def test_broken_tests_are_the_callers_error(box: Sandbox) -> None:
    """Tests are trusted: if they are not Python, no verdict is given."""
    with pytest.raises(InputError, match="case a"):
        verdict(box, "def f(): pass", "assert f(")

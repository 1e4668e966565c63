"""Programs are broken by one small edit, and everything around it stays."""

import difflib

import pytest

from pyx_dataset.debugged import debug
from pyx_dataset.debugging.bugs import edits, mutants
from pyx_dataset.debugging.source import Source
from pyx_dataset.program import Boxes
from pyx_dataset.rng import rng_for
from pyx_dataset.schema import Change, Outcome, Step, Trace
from tests.debugging.samples import CODES, Case
from tests.export.samples import CONFIG


def run(code: str, names: dict[str, str] | None = None) -> Trace:
    """A trace in which every line of `code` runs once and `names` have values."""
    changed = tuple(Change(name, value) for name, value in (names or {}).items())
    steps = [Step(1, "call", 0, "f", changed)]
    steps += [Step(line, "line", 0, "f") for line in range(1, code.count("\n") + 1)]
    return Trace(code, "f()", Outcome.RETURNED, "1", None, (*steps, Step(1, "return", 0, "f")))


SLIPS = {
    "arithmetic": ("def f(a):\n    return a * 3\n", "return a + 3"),
    "division": ("def f(a):\n    return a // 3\n", "return a / 3"),
    "boundary": ("def f(a):\n    return a < 3\n", "return a <= 3"),
    "comparison": ("def f(a):\n    return a in 'x'\n", "return a not in 'x'"),
    "boolean": ("def f(a):\n    return a and not a\n", "return a or not a"),
    "constant": ("def f(a):\n    return a + 7\n", "return a + 8"),
    "wrong_start": ("def f(a):\n    n = 0\n    return n + a\n", "n = 1"),
    "wrong_return": ("def f(a):\n    return True\n", "return False"),
    "break_continue": ("def f(a):\n    for x in a:\n        break\n    return 1\n", "continue"),
    "lost_accumulation": ("def f(a):\n    a += 2\n    return a\n", "a = 2"),
    "off_by_one_range": ("def f(a):\n    return list(range(a + 1))\n", "list(range(a))"),
    "off_by_one_slice": ("def f(a):\n    return a[1:]\n", "return a[2:]"),
    "off_by_one_index": ("def f(a):\n    return a[-1]\n", "return a[0]"),
    "lost_slice_bound": ("def f(a):\n    return a[::-1]\n", "return a[::]"),
    "lost_one": ("def f(a):\n    return len(a) - 1\n", "return len(a)"),
    "swapped_arguments": ("def f(a):\n    return pow(a, 2)\n", "return pow(2, a)"),
    "missing_copy": ("def f(a):\n    b = list(a)\n    return b\n", "b = a"),
    "lost_sort_key": ("def f(a):\n    return sorted(a, key=len)\n", "return sorted(a)"),
    "lost_sort_reverse": ("def f(a):\n    return sorted(a, reverse=True)\n", "return sorted(a)"),
    "truth_for_none": ("def f(a):\n    return a is not None\n", "return a"),
    "is_for_equals": ("def f(a):\n    return a == (a,)\n", "return a is (a,)"),
    "negated_condition": ("def f(a):\n    if not a:\n        a = 1\n    return a\n", "if a:"),
    "wrong_function": ("def f(a):\n    return min(a)\n", "return max(a)"),
    "wrong_variable": ("def f(a, b):\n    return a\n", "return b"),
    "wrong_accumulator": ("def f(a, b):\n    a += 1\n    return a\n", "b += 1"),
    "missing_guard": (
        "def f(a):\n    if not a:  # empty\n        return 0\n    return a\n",
        "def f(a):\n    return a\n",
    ),
    "dropped_else": (
        "def f(a):\n    if a:\n        b = 1\n    else:\n        b = 2\n    return b\n",
        "        b = 1\n    return b",
    ),
    "premature_return": (
        "def f(a):\n    for x in a:\n        a = x\n    return a\n",
        "        a = x\n        return a\n",
    ),
}


@pytest.mark.parametrize("operator", SLIPS)
def test_each_operator_makes_the_slip_it_is_named_for(operator: str) -> None:
    """One program for each, with the text that it must leave."""
    code, wanted = SLIPS[operator]
    source = Source.parse(code)
    trace = run(code, {"a": "1", "b": "2"})
    found = [source.apply(edit) for edit in edits(source, [trace]) if edit.operator == operator]

    assert any(wanted in broken for broken in found), found


@pytest.mark.parametrize("name", CODES)
def test_mutants_compile_and_differ_in_one_small_place(name: str) -> None:
    """One run of neighbouring lines, three at most; all other lines are the author's."""
    trace = run(CODES[name], {"numbers": "[1]", "low": "1", "high": "2"})
    found = list(mutants(CODES[name], [trace], rng_for("test")))
    for mutant in found:
        compile(mutant.code, "<mutant>", "exec")
        left, right = CODES[name].splitlines(), mutant.code.splitlines()
        opcodes = difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
        gaps = [item for item in opcodes if item[0] != "equal"]
        assert len(gaps) == 1, mutant
        assert max(gaps[0][2] - gaps[0][1], gaps[0][4] - gaps[0][3]) <= 3
        assert right[mutant.line - 1 : mutant.line] == right[gaps[0][3] : gaps[0][3] + 1] or (
            gaps[0][3] == gaps[0][4]
        )

    assert len({item.code for item in found}) == len(found) > 5


def test_only_lines_that_ran_are_edited() -> None:
    """What no call reaches, no call can find wrong."""
    code = "def f(a):\n    if a > 5:\n        return a * 2\n    return a + 1\n"
    trace = run(code)
    steps = tuple(step for step in trace.steps if step.line != 3)
    found = mutants(code, [Trace(code, "f()", Outcome.RETURNED, "1", None, steps)], rng_for(1))

    assert all("return a * 2" in item.code for item in found if item.operator != "missing_guard")


def test_the_order_is_drawn_from_the_seed_and_nothing_else() -> None:
    """The same twice; another with another seed."""
    trace = run(CODES["total"])
    one, again, other = (
        list(mutants(CODES["total"], [trace], rng_for(seed))) for seed in (1, 1, 2)
    )

    assert one == again
    assert sorted(item.code for item in one) == sorted(item.code for item in other)
    assert one != other


def test_a_kept_bug_fails_and_passes_as_it_says(cases: tuple[Case, ...]) -> None:
    """CPython itself runs both programs."""
    seen = 0
    for case in cases:
        calls = {item.id: item.trace.call for item in case.bundle.executions}
        for bug in case.bugs:
            right: dict[str, object] = {}
            wrong: dict[str, object] = {}
            exec(case.code, right)
            exec(bug.code, wrong)
            for name, call in calls.items():
                agrees = outcome(call, wrong) == outcome(call, right)
                assert agrees is (name in bug.passing), (bug.id, call)
                assert agrees is not (name in bug.failing), (bug.id, call)
            assert bug.failing
            assert bug.passing
            seen += 1

    assert seen >= 15


def test_no_bugs_are_made_where_none_are_asked_for(cases: tuple[Case, ...], boxes: Boxes) -> None:
    """Nothing is run and nothing is noted as dropped."""
    bundle = cases[0].bundle
    bare = CONFIG.with_changes(max_bugs=0)
    found = debug(bundle.program, bundle.executions, bare, (), boxes.hasty)

    assert found == ([], [])


def outcome(call: str, names: dict[str, object]) -> str:
    """What `call` gives, or the kind of its exception."""
    try:
        return repr(eval(call, names))
    except (
        LookupError,
        NameError,
        RecursionError,
        TypeError,
        ValueError,
        ZeroDivisionError,
    ) as exc:
        return type(exc).__name__

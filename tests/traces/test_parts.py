"""What sub-expressions gave: against programs that say so themselves, and with its limits."""

import ast
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pyx_dataset.calls import trace_call
from pyx_dataset.config import Limits
from pyx_dataset.sandbox.results import CallResult, parts_of
from pyx_dataset.schema import Outcome, Part, Step, Trace
from pyx_dataset.traces.codec import decode_parts
from pyx_dataset.traces.parts import truth
from pyx_dataset.traces.values import describe

TraceOf = Callable[[str, str], Trace]


def told(trace: Trace) -> list[tuple[str, str | None]]:
    """Texts and values."""
    return [(part.text, part.value) for part in trace.parts or ()]


ATOMS = st.sampled_from(["n", "m", "s", "xs", "d", "0", "2", "'a'", "None", "[]", "len"])
FORMS = [
    "({0}) + ({1})", "({0}) * ({1})", "({0})[({1})]", "({0})[({1}):({2})]", "-({0})",
    "({0}) < ({1})", "({0}) <= ({1}) < ({2})", "({0}) in ({1})", "({0}) is ({1})",
    "({0}) if ({1}) else ({2})", "({0}) and ({1})", "({0}) or ({1}) or ({2})", "not ({0})",
    "len({0})", "bool({0})", "max(({0}), *({1}))", "[({0}), ({1})]", "{{({0}): ({1})}}",
    "sorted(({0}), key=({1}))", "({0}).count({1})", "({0}).items()", "(({0}), ({1}))",
]  # fmt: skip
"""Each is a part; what is asked for its truth is marked by hand below."""
Marked = tuple[str, str]
"""An expression, and the same with each part in a call of ``t`` that writes it down."""


def _form(drawn: tuple[str, Marked, Marked, Marked]) -> Marked:
    form, *inner = drawn
    text = form.format(*(plain for plain, _ in inner))
    with suppress(ValueError, TypeError, SyntaxError):
        ast.literal_eval(text)
        return text, text  # constants say themselves what they are
    return text, f"t({text!r}, {form.format(*(marked for _, marked in inner))})"


def _passes(drawn: tuple[Marked, Marked, Marked]) -> Marked:
    (a, x), (b, y), (c, z) = drawn
    text = f"[({a}, v) for v in ({b}) if ({c})]"
    pair = f"t({f'({a}, v)'!r}, ({x}, v))"
    return text, f"t({text!r}, [{pair} for v in ({y}) if [t('v', v)] if ({z})])"


def _function(drawn: Marked) -> Marked:
    plain, marked = drawn
    return f"lambda v: ({plain})", f"lambda v: [t('v', v)] and ({marked})"


def _wider(inner: st.SearchStrategy[Marked]) -> st.SearchStrategy[Marked]:
    return st.one_of(
        st.tuples(st.sampled_from(FORMS), inner, inner, inner).map(_form),
        st.tuples(inner, inner, inner).map(_passes),
        inner.map(_function),
    )


EXPRESSIONS = st.recursive(ATOMS.map(lambda text: (text, text)), _wider, max_leaves=10)


def keeps_a_form(text: str) -> bool:
    """Is there a display that CPython never builds, so that it is no part?"""
    for node in ast.walk(ast.parse(text)):
        match node:
            case (
                ast.Subscript(slice=ast.Tuple())
                | ast.Compare(ops=[ast.In()], comparators=[ast.List() | ast.Set() | ast.Tuple()])
                | ast.comprehension(iter=ast.List() | ast.Set() | ast.Tuple())
            ):
                return True
    return False


SAYING = """\
def t(text, value):
    LOG.append((text, describe(value, 5_000)))
    return value
"""


@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # what is made here may look odd
@pytest.mark.parametrize("examples", [150, pytest.param(3_000, marks=pytest.mark.slow)])
def test_parts_are_what_a_program_says_of_itself(examples: int, noted_of: TraceOf) -> None:
    """Order, texts and values are those of the same expression with ``t(text, part)`` all over."""

    @settings(max_examples=examples, deadline=None, database=None)
    @given(EXPRESSIONS, st.integers(-1, 2), st.lists(st.integers(0, 3), max_size=3))
    def check(drawn: Marked, n: int, xs: list[int]) -> None:
        plain, marked = drawn
        assume(not keeps_a_form(plain))
        log: list[tuple[str, str]] = []
        names: dict[str, Any] = {"LOG": log, "describe": describe}
        exec(f"{SAYING}def f(n, m, s, xs, d):\n    return {marked}\n", names)
        arguments = f"{n}, 1, 'ab', {xs}, {{1: 'a', 'a': 0}}"
        with suppress(Exception):  # it says the same up to there
            eval(f"f({arguments})", names)

        trace = noted_of(f"def f(n, m, s, xs, d):\n    return {plain}\n", f"f({arguments})")

        assert told(trace) == log

    check()


def test_a_part_says_where_it_stands_and_when(noted_of: TraceOf) -> None:
    """Line and characters before it, with letters of two bytes; the step of its own frame."""
    code = "def g(x):\n    return x + 1\ndef f(é):\n    y = 'ü' + é; z = (g(1)\n        * 2)\n"
    trace = noted_of(code, "f('ö')")

    assert [(p.step, p.line, p.column, p.text, p.value) for p in trace.parts or ()] == [
        (1, 4, 8, "'ü' + é", "'üö'"),
        (3, 2, 11, "x + 1", "2"),
        (1, 4, 22, "g(1)", "2"),
        (1, 4, 22, "g(1)\n        * 2", "4"),
    ]


def test_a_pass_begins_with_what_its_variables_are(noted_of: TraceOf) -> None:
    """Also of a pass that the condition drops, and of a function that somebody else calls."""
    code = (
        "def f(d):\n"
        "    xs = [k * v for k, v in d.items() if v]\n"
        "    return sorted(xs, key=lambda x: -len(x))\n"
    )
    texts = [text for text, _ in told(noted_of(code, "f({'a': 0, 'b': 2, 'c': 3})"))]

    assert texts == [
        "d.items()", "k, v", "k, v", "k * v", "k, v", "k * v", "[k * v for k, v in d.items() if v]",
        "x", "len(x)", "-len(x)", "x", "len(x)", "-len(x)", "sorted(xs, key=lambda x: -len(x))",
    ]  # fmt: skip


def test_a_condition_tells_what_decided_it(noted_of: TraceOf) -> None:
    """Operands that were not reached have no part, and the value is that of the last one."""
    code = "def f(a, b):\n    if a and len(b) or 0 < len(b) < 3 and not a:\n        return 1\n"

    assert told(noted_of(code, "f(0, 'xy')")) == [
        ("a and len(b)", "0"),
        ("len(b)", "2"),
        ("0 < len(b) < 3", "True"),
        ("not a", "True"),
        ("0 < len(b) < 3 and not a", "True"),
        ("a and len(b) or 0 < len(b) < 3 and not a", "True"),
    ]


def test_exception_ends_the_parts_where_it_was_raised(noted_of: TraceOf) -> None:
    """What raised has no value."""
    code = "def f(xs):\n    return len(xs) + xs[len(xs) - 1 + 1]\n"
    trace = noted_of(code, "f([5])")

    assert [text for text, _ in told(trace)] == [
        "len(xs)", "len(xs)", "len(xs) - 1", "len(xs) - 1 + 1",
    ]  # fmt: skip


CODE = "def f(n):\n    return sum(i * i for i in range(n)) + len('ab' * n)\n"


def test_too_long_a_value_is_marked() -> None:
    """Never cut: the part is there and has no value."""
    trace = trace_call(CODE, "f(3)", parts=True, limits=Limits(trace_value_chars=5))

    assert dict(told(trace))["'ab' * n"] is None
    assert dict(told(trace))["len('ab' * n)"] == "6"


def test_too_many_parts_are_none() -> None:
    """All or nothing, and the trace is still there."""
    trace = trace_call(CODE, "f(100)", parts=True, limits=Limits(trace_steps=10))

    assert trace.parts is None
    assert trace.no_parts == "parts: more than 100"
    assert len(trace.steps) == 3


def test_program_that_reads_its_own_code_has_no_parts() -> None:
    """What it does differs when it is rewritten, so nothing is claimed about it."""
    trace = trace_call("def f():\n    return len(f.__code__.co_code)\n", "f()", parts=True)

    assert (trace.parts, trace.no_parts) == (
        None,
        "the program that notes its parts differs in value",
    )


def test_program_nested_too_deep_has_no_parts() -> None:
    """It runs as it is."""
    code = f"def f(n):\n    return {' + '.join(['n'] * 400)}\n"
    trace = trace_call(code, "f(1)", parts=True)

    assert (trace.value, trace.parts, trace.no_parts) == (
        "400",
        None,
        "the program is nested too deep",
    )


def test_without_asking_there_are_none() -> None:
    """And the program is not touched: it sees its own constants."""
    code = "def f(x):\n    return len(x) + len(f.__code__.co_consts)\n"
    trace = trace_call(code, "f('a')")

    assert (trace.value, trace.parts, trace.no_parts) == ("2", None, None)


def test_a_body_from_another_run_does_not_pass_for_the_same() -> None:
    """Each fact of the call that differs is a reason of its own."""
    step = Step(1, "return", 0, "f", (), "1")
    plain = CallResult(Outcome.RETURNED, "1", None, "", 0.1, 0.1, (step,))
    noted = replace(plain, cpu_s=0.2, parts=(Part(0, 1, 0, "x + 1", "1"),))
    assert parts_of(plain, noted) == (noted.parts, None)
    for name, value in {
        "outcome": Outcome.NO_RESULT, "value": "2", "exception": "E", "stdout": "x", "steps": (),
    }.items():  # fmt: skip
        parts, why = parts_of(plain, replace(noted, **{name: value}))

        assert parts is None
        assert (why or "").endswith(name)


@pytest.mark.parametrize(
    "wire",
    [
        None, {}, [[]], [[0, 1, 0, "x", 1]], [[0, 1, 0, None, "1"]], [[0, 0, 0, "x", "1"]],
        [[2, 1, 0, "x", "1"]], [[-1, 1, 0, "x", "1"]], [[0, 1, -1, "x", "1"]],
        [[True, 1, 0, "x", "1"]], [[0, 1, 0, "x", "1", 2]], [[0, 1.0, 0, "x", "1"]],
    ],
)  # fmt: skip
def test_foreign_parts_are_a_value_error(wire: object) -> None:
    """A hostile child's parts are records of the right form, in the trace, or refused."""
    assert decode_parts([[1, 1, 0, "x", None]], steps=2) == (Part(1, 1, 0, "x", None),)
    with pytest.raises(ValueError, match="part"):
        decode_parts(wire, steps=2)


def test_truth_is_told_only_where_nobody_is_asked() -> None:
    """What a program defines may do anything when its truth is asked."""
    asked: list[int] = []

    class Counted:
        def __len__(self) -> int:
            asked.append(1)
            return 1

    class Silent:
        pass

    values = [0, "a", deque(), len, Silent(), Counted(), type("T", (type,), {})("U", (), {})()]

    assert [truth(value) for value in values] == [False, True, False, True, True, None, None]
    assert asked == []

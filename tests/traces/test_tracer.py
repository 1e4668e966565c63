"""The tracer against CPython without one, and against a slow tracer that copies everything."""

import copy
import inspect
import sys
import types
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.oracles import differences
from pyx_dataset.schema import Outcome, Trace
from pyx_dataset.traces.codec import decode_steps
from pyx_dataset.traces.replay import replay, replay_errors
from pyx_dataset.traces.tracer import Abandoned, Tracer
from pyx_dataset.traces.values import parse

reference = types.ModuleType("reference")
exec(Path(__file__).with_name("reference.py").read_text(), reference.__dict__)

NAMES = st.sampled_from(["a", "b", "c"])
LISTS = st.sampled_from(["xs", "ys"])
CONSTANTS = st.sampled_from(["0", "1", "-2", "True", "1.0", "-0.0", "0.0", "None", "'s'", "(1, 2)"])
NUMBERS = st.sampled_from(["0", "1", "2", "3", "-1"])


def _line(template: str, **parts: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.fixed_dictionaries(parts).map(lambda chosen: [template.format(**chosen)])


SIMPLE = st.one_of(
    _line("{n} = {k}", n=NAMES, k=CONSTANTS),
    _line("{n} = {m}", n=NAMES, m=NAMES),
    _line("{n}, {m} = {m}, {n}", n=NAMES, m=NAMES),
    _line("{n} = {m} = len({x})", n=NAMES, m=NAMES, x=LISTS),
    _line("{x}.append({n})", x=LISTS, n=NAMES),
    _line("{x} = {y}", x=LISTS, y=LISTS),
    _line("{x} = {x} + [{k}]", x=LISTS, k=CONSTANTS),
    _line("{x} += [{k}]", x=LISTS, k=CONSTANTS),
    _line("{x}[:1] = [[{n}]]", x=LISTS, n=NAMES),
    _line("d[{k}] = {x}", k=NUMBERS, x=LISTS),
    _line("d = {{**d, 's': {n}}}", n=NAMES),
    _line("{n} = [v for v in {x}]; {x} = sorted(map(str, {x}))", n=NAMES, x=LISTS),
    _line("{n} = change({x}, {k})", n=NAMES, x=LISTS, k=NUMBERS),
    _line("total = total + {k}; bump()", k=NUMBERS),
    _line("e = {n}; del e", n=NAMES),
    _line("{n} = (w := {k})", n=NAMES, k=CONSTANTS),
    _line("first, *{x} = [{n}, *{x}]", n=NAMES, x=LISTS),
)


def _blocks(inner: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    bodies = st.lists(inner, min_size=1, max_size=3).map(
        lambda parts: ["    " + line for part in parts for line in part]
    )
    return st.one_of(
        st.tuples(NUMBERS, bodies).map(lambda p: [f"for i in range({p[0]}):", *p[1]]),
        st.tuples(LISTS, bodies).map(lambda p: [f"for i, a in enumerate(list({p[0]})):", *p[1]]),
        st.tuples(NAMES, bodies, bodies).map(lambda p: [f"if {p[0]}:", *p[1], "else:", *p[2]]),
        st.tuples(bodies, bodies).map(
            lambda p: ["try:", *p[0], "    1 // b", "except (TypeError, ZeroDivisionError):", *p[1]]
        ),
        st.tuples(bodies, bodies).map(lambda p: ["try:", *p[0], "finally:", *p[1]]),
        bodies.map(lambda p: ["n = 2", "while n:", "    n -= 1", *p]),
    )


PROGRAMS = st.lists(st.recursive(SIMPLE, _blocks, max_leaves=6), min_size=1, max_size=6).map(
    lambda parts: "\n".join([
        "def change(items, k):",
        "    items.append(k)",
        "    return k if k < 1 else change(items, k - 1)",
        "def f(a, xs):",
        "    b, c, d, ys, total = 1, None, {}, xs, 0",
        "    def bump():",
        "        nonlocal total",
        "        total += 1",
        *("    " + line for part in parts for line in part),
        "    return {'a': a, 'b': b, 'c': c, 'd': d, 'xs': xs, 'ys': ys, 'total': total}",
        "",
    ])
)  # fmt: skip


def loaded(code: str) -> dict[str, Any]:
    """The program's names."""
    names: dict[str, Any] = {"__name__": "program"}
    exec(compile(code, "<program>", "exec"), names)
    return names


def without_comprehensions(code: str) -> str:
    """Since 3.12 their variables and passes show in the slow trace, so it does without."""
    return code.replace("[v for v in xs]", "list(xs)").replace("[v for v in ys]", "list(ys)")


@settings(max_examples=100, deadline=None)
@given(code=PROGRAMS, a=st.sampled_from([0, 1, "s"]), xs=st.lists(st.integers(0, 3), max_size=2))
def test_no_change_is_missed_and_none_is_invented(code: str, a: object, xs: list[int]) -> None:
    """Lines, order and changes are those of a tracer that copies all locals at every line."""
    code, call = without_comprehensions(code), f"f({a!r}, {xs!r})"
    tracer = Tracer(filename="<program>", source=code, max_steps=10_000, max_value_chars=100_000)
    names = loaded(code)
    with suppress(Exception, Abandoned):
        tracer.run(lambda: eval(call, names))
    assume(tracer.overflow is None)
    trace = Trace(code, call, Outcome.RETURNED, None, None, decode_steps(tracer.steps))

    assert differences(trace, reference.record(code, call))[1] == []


def test_reference_finds_a_change_that_is_missed(trace_of: Any) -> None:
    """Of a trace with one change less, one line less or another value, it says where."""
    code = "def f(n):\n    xs = []\n    for i in range(n):\n        xs.append(i)\n    return xs\n"
    trace, slow = trace_of(code, "f(2)"), reference.record(code, "f(2)")
    assert differences(trace, slow) == (6, [])
    first, *rest = trace.steps
    for index, step in enumerate(rest[:-1]):
        without = (first, *rest[:index], *rest[index + 1 :])
        silent = (first, *rest[:index], replace(step, changed=()), *rest[index + 1 :])
        for steps in (without, silent) if step.changed else (without,):
            assert differences(replace(trace, steps=steps), slow)[1]


@settings(max_examples=60, deadline=None)
@given(code=PROGRAMS, xs=st.lists(st.integers(0, 3), max_size=2))
def test_replayed_changes_end_at_what_untraced_python_computes(code: str, xs: list[int]) -> None:
    """The variables that add up from the changes are those that the program itself returns."""
    names = loaded(code)
    tracer = Tracer(filename="<program>", max_steps=10_000, max_value_chars=100_000, source=code)
    result, raised = None, None
    try:
        result = tracer.run(lambda: names["f"](1, copy.copy(xs)))
    except Abandoned:
        pass
    except Exception as error:  # noqa: BLE001  (whatever the program raises)
        raised = type(error)
    # What outgrows the tracer's limits is not run without them.
    assume(tracer.overflow is None)
    if raised:
        with pytest.raises(raised):
            loaded(code)["f"](1, copy.copy(xs))
        assert tracer.steps[-1][0] == "exception"
        return
    untraced = loaded(code)["f"](1, copy.copy(xs))
    assert repr(result) == repr(untraced)
    ended = replay(decode_steps(tracer.steps))[-1]
    assert {name: repr(parse(ended.variables[name])) for name in untraced} == {
        name: repr(value) for name, value in untraced.items()
    }


LIBRARY_CALLS = [
    ("inflection", "titleize('some_title-here')"),
    ("inflection", "pluralize('octopus')"),
    ("inflection", "underscore('DeviceType')"),
    ("boltons.strutils", "slugify('First post! Hi!!!!~1    ')"),
    ("boltons.strutils", "int_ranges_from_int_list('1,2,4,6-9')"),
    ("boltons.strutils", "bytes2human(128991)"),
    ("boltons.strutils", "args2sh(['a b', 'c'])"),
    ("boltons.iterutils", "chunked(list(range(7)), 3)"),
    ("boltons.iterutils", "remap({'a': [1, None]}, lambda p, k, v: v is not None)"),
    ("boltons.iterutils", "windowed([1, 2, 3, 4], 3)"),
    ("algorithms.backtracking.permute", "permute('abc')"),
    ("algorithms.sorting.merge_sort", "merge_sort([3, 1, 2])"),
    ("algorithms.dynamic_programming.edit_distance", "edit_distance('kitten', 'sit')"),
]


@pytest.mark.parametrize(("module", "call"), LIBRARY_CALLS)
def test_real_code_gives_the_same_value_and_a_trace_that_fits(
    module: str, call: str, trace_of: Any
) -> None:
    """Functions of installed packages return the same traced and untraced."""
    __import__(module)
    code = inspect.getsource(sys.modules[module])
    trace = trace_of(code, call)
    assert trace.value == repr(eval(call, vars(sys.modules[module])))
    assert replay_errors(trace) == []


def traced(code: str, call: str, **limits: Any) -> Tracer:
    """The tracer after one call."""
    limits = {"max_steps": 1_000, "max_value_chars": 1_000, "source": code} | limits
    tracer = Tracer(filename="<program>", **limits)
    names = loaded(code)
    with suppress(Abandoned):
        tracer.run(lambda: eval(call, names))
    return tracer


def test_exception_is_the_one_that_left_the_frame() -> None:
    """A bare raise after a handled second exception reports the first, at the line it came from."""
    code = (
        "def f():\n"
        "    try:\n"
        "        {}[1]\n"
        "    except KeyError:\n"
        "        try:\n"
        "            int('x')\n"
        "        except ValueError:\n"
        "            pass\n"
        "        raise\n"
        "def g():\n"
        "    try:\n"
        "        f()\n"
        "    except KeyError as error:\n"
        "        return error.__traceback__.tb_next.tb_lineno\n"
    )
    tracer = traced(code, "g()")
    (step,) = [step for step in tracer.steps if step[0] == "exception"]
    assert (step[5], str(step[1])) == ("KeyError: 1", tracer.steps[-1][5])


def test_statement_over_several_lines_is_one_step() -> None:
    """A long call is one step, at its first line."""
    code = (
        "def f(a):\n    b = max(\n        a,\n        1,\n    )\n    return (\n        b\n    )\n"
    )
    assert [(step[0], step[1]) for step in traced(code, "f(0)").steps] == [
        ("call", 1), ("line", 2), ("line", 6), ("return", 6),
    ]  # fmt: skip


def _tracer(code: str, max_steps: int) -> Tracer:
    return Tracer(filename="<program>", source=code, max_steps=max_steps, max_value_chars=99)


LOOP = "def f(n):\n    xs = []\n    for i in range(n):\n        xs.append(i)\n    return len(xs)\n"


def test_call_with_too_many_steps_is_abandoned() -> None:
    """Past the limit the call is unwound at once, and the reason is kept."""
    names, tracer = loaded(LOOP), _tracer(LOOP, 9)
    with pytest.raises(Abandoned):
        tracer.run(lambda: names["f"](10**12))
    assert tracer.overflow == "steps: more than 9"


def test_too_long_a_value_is_said() -> None:
    """A variable that outgrows the limit ends the trace with its name."""
    names, tracer = loaded(LOOP), _tracer(LOOP, 999)
    with pytest.raises(Abandoned):
        tracer.run(lambda: names["f"](50))

    assert tracer.overflow == "value of xs: more than 99 characters"


def test_long_table_that_is_only_read_is_no_obstacle() -> None:
    """A global that the function reads and nobody changes may be longer than a value may be."""
    code = "TABLE = list(range(500))\ndef f(i):\n    return TABLE[i]\n"
    assert traced(code, "f(3)", max_value_chars=99).overflow is None


def test_endless_recursion_ends_as_it_does_without_a_tracer() -> None:
    """The program still gets its RecursionError, and the trace says that it is not complete."""
    code = "def f(n):\n    try:\n        f(n + 1)\n    except RecursionError:\n        pass\n"
    tracer, names = _tracer(code, 10**6), loaded(code)
    tracer.run(lambda: names["f"](0))
    assert tracer.overflow is not None


@pytest.mark.parametrize("trick", ["sys.settrace(None)", "sys.settrace(lambda *a: None)"])
def test_tampering_is_noticed(trick: str) -> None:
    """A program that replaces the trace function gets no trace."""
    tracer = traced(f"import sys\ndef f():\n    {trick}\n    return 1\n", "f()")
    assert tracer.overflow == "tracing was switched off by the program"


def test_tracing_that_was_on_before_is_on_again() -> None:
    """A debugger or coverage tool around us keeps working."""

    def outer(*_: object) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(outer)
    try:
        traced(LOOP, "f(1)")
        assert sys.gettrace() is outer
    finally:
        sys.settrace(before)


def test_code_of_other_files_is_not_traced() -> None:
    """Library functions that the program calls are part of its own line."""
    code = "import textwrap\ndef f(s):\n    return textwrap.dedent(s)\n"
    assert {step[3] for step in traced(code, "f(' a')").steps} == {"f"}


def test_user_repr_is_not_called_by_tracing() -> None:
    """An object whose `__repr__` counts its calls sees none."""
    code = (
        "class C:\n    calls = 0\n"
        "    def __repr__(self):\n        C.calls += 1\n        return 'c'\n"
        "def f():\n    c = C()\n    cs = [c]\n    return C.calls\n"
    )
    assert traced(code, "f()").steps[-1][5] == "0"


def test_outcome_without_a_value_still_has_steps(trace_of: Any) -> None:
    """A call that raises has a trace that ends with the exception."""
    trace = trace_of("def f(x):\n    y = x\n    return y['k']\n", "f({})")
    assert (trace.outcome, trace.steps[-1].value) == (Outcome.RAISED, "KeyError: 'k'")
    assert replay_errors(trace) == []

"""What a row of each config says."""

from dataclasses import replace

import pytest

from pyx_dataset.export import views
from pyx_dataset.published import steps_of
from pyx_dataset.schema import Bundle, Change, Trace
from tests.export.samples import bundle


def with_first_trace(told: Bundle, **changes: object) -> Bundle:
    first = told.executions[0]
    trace: Trace = replace(first.trace, **changes)  # type: ignore[arg-type]  # a test's shorthand
    return replace(told, executions=(replace(first, trace=trace), *told.executions[1:]))


def test_exactly_one_task_field_is_filled() -> None:
    """As in the published PyX: `nl`, `fwd_mnl` and `bwd_mnl` exclude each other."""
    rows = list(views.default(bundle(7)))

    assert [sum(bool(row[name]) for name in ("nl", "fwd_mnl", "bwd_mnl")) for row in rows] == [
        1
    ] * 3
    assert [row["id"] for row in rows] == ["nl_p7", "fwd_mnl_p7_ipt0", "bwd_mnl_p7_ipt0"]
    assert all(row["response"] for row in rows)


def test_no_description_makes_no_description_task() -> None:
    """A program without an instruction is in no row of `nl2code`."""
    assert not list(views.nl2code(bundle(instruction=" ")))


def test_the_labelled_program_is_the_forward_task() -> None:
    """First line L5, as the public checkpoints saw it."""
    row = next(row for row in views.default(bundle(7)) if row["fwd_mnl"])

    assert row["fwd_mnl"] == (
        "[PYTHON]\ndef f(x): # [L5]\n    y = x + 7 # [L6]\n    return y # [L7]\n"
        "assert f(2) == ??\n[/PYTHON]"
    )


def test_tests_hold_when_python_runs_them() -> None:
    """Each assertion of a row is true, by CPython."""
    (row,) = views.programs(bundle(3), "3.11.7")
    namespace: dict[str, object] = {}
    exec(row["code"] + "\n".join(row["tests"]), namespace)

    assert row["tests"] == ["assert f(2) == 5"]


@pytest.mark.parametrize("value", ["nan", "[inf]", "{'a': -inf}"])
def test_what_equality_cannot_state_is_no_test(value: str) -> None:
    """``nan == nan`` is false and ``inf`` is no name."""
    (row,) = views.programs(with_first_trace(bundle(), value=value), "3.11.7")

    assert row["tests"] == []


@pytest.mark.parametrize("value", ["'inf'", "{1, 2}", "set()", "frozenset({3})", "-1.5e+300"])
def test_other_plain_values_are_tests(value: str) -> None:
    """Sets and text are compared as they are, by CPython."""
    (row,) = views.programs(with_first_trace(bundle(), value=value), "3.11.7")
    (test,) = row["tests"]
    exec(test, {"f": lambda _: eval(value)})


def test_steps_come_back_from_their_row() -> None:
    """Reading a trace from a row gives the trace that went in."""
    told = bundle()
    read = [steps_of(row) for row in views.executions(told)]

    assert read == [execution.trace.steps for execution in told.executions]


@pytest.mark.parametrize(
    ("body", "loops", "nesting"),
    [
        ("return x", 0, 0),
        ("for a in x:\n  if a:\n   return a", 1, 2),
        ("if x:\n  pass\n elif x > 1:\n  pass\n elif x > 2:\n  pass", 0, 1),
        ("if x:\n  pass\n else:\n  if x > 1:\n   pass\n  x = 2", 0, 2),
        ("return [a for b in x for a in b]", 2, 1),
    ],
)
def test_difficulty_counts_what_a_reader_sees(body: str, loops: int, nesting: int) -> None:
    """Loops, comprehension loops included, and the deepest block; `elif` is no deeper."""
    told = bundle()
    seed = replace(told.program.seed, code=f"def f(x):\n {body}\n")
    (row,) = views.programs(replace(told, program=replace(told.program, seed=seed)), "3.11.7")

    assert row["difficulty"] == {
        "steps": 3,
        "loops": loops,
        "nesting": nesting,
        "value_chars": 3,
    }


def test_value_size_is_that_of_the_longest_value_on_the_way() -> None:
    """A variable that grows counts though the result is small."""
    told = bundle()
    step = replace(told.executions[0].trace.steps[1], changed=(Change("y", "[1, 2, 3]"),))
    trace = replace(told.executions[0].trace, steps=(step,), value="6")
    (row,) = views.programs(
        replace(told, executions=(replace(told.executions[0], trace=trace),)), "3.11.7"
    )

    assert row["difficulty"]["value_chars"] == 9

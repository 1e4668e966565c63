"""The one definition of right, held against CPython and against known cheats."""

import math
from itertools import combinations
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.answers import read_code
from pyx_dataset.grading import (
    InputTask,
    grade_input,
    grade_inputs,
    grade_output,
    mean_and_stderr,
    pass_at_k,
    same,
)
from pyx_dataset.sandbox.pool import Sandbox
from pyx_dataset.schema import Outcome

CODE = "def f(x):\n    return x + x\n"
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
plain = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.tuples(inner, inner)
    ),
    max_leaves=12,
)


@given(plain)
def test_a_value_is_the_same_as_itself(value: object) -> None:
    """Also where Python's own `==` says no, as for NaN."""
    assert same(value, value)


@given(plain, plain)
def test_what_is_the_same_is_equal_in_python(left: object, right: object) -> None:
    """`same` never accepts what `==` refuses, NaN aside."""
    if same(left, right) and "nan" not in repr(left):
        assert left == right


@pytest.mark.parametrize(
    ("left", "right"),
    [(1, True), (1, 1.0), (0.0, -0.0), ([1], (1,)), ({1: 2}, {True: 2}), ({1}, frozenset({1}))],
)
def test_equal_values_of_other_types_differ(left: object, right: object) -> None:
    """CPython's `==` or a near miss of it would accept these."""
    assert not same(left, right)


@pytest.mark.parametrize(
    "answer",
    [
        "4",
        "assert f(2) == 4",
        "Thus.\n[ANSWER]\nassert f(2) == 4\n[/ANSWER]",
        "[ANSWER] 4",
        "2*[1]",
    ],
)
def test_output_answers_are_read_in_every_public_layout(answer: str) -> None:
    """A bare literal, an assertion, tags; but never an expression that must be run."""
    assert grade_output(CODE, "2", "4", answer).passed == ("*" not in answer)


@pytest.mark.parametrize(
    "answer",
    ['"no" or True', "f( 2)", "f(2)", "4 if True else 5", "assert True", "", "4 == 4 == 4",
     "4 # f(", "__import__('os')", "(" * 5000 + "4" + ")" * 5000, "\ud800"],
)  # fmt: skip
def test_wrong_logic_of_public_scorers_earns_nothing(answer: str) -> None:
    """Each of these passes a public scorer; only the comment is a plain 4."""
    assert grade_output(CODE, "2", "4", answer).passed == answer.startswith("4 #")


@pytest.mark.parametrize(
    ("answer", "passed", "outcome"),
    [
        ("assert f(2) == 4", True, Outcome.RETURNED),
        ("f(x=2)", True, Outcome.RETURNED),
        ("2", True, Outcome.RETURNED),
        ("3", False, Outcome.RETURNED),
        ("f(None)", False, Outcome.RAISED),
        ("4 # f(", False, Outcome.RETURNED),
        ("print(2)", False, Outcome.INVALID),
        ("len('ab')", False, Outcome.INVALID),
        ("'{0.__class__}'.format(1)", False, Outcome.INVALID),
        ("f(2 .__class__)", False, Outcome.INVALID),
        ("int('2')", True, Outcome.RETURNED),
        ("f(*[2])", False, Outcome.INVALID),
        ("f((lambda: 2)())", False, Outcome.INVALID),
        ("", False, Outcome.INVALID),
    ],
)
def test_input_answers_run_only_the_function_on_literals(
    answer: str, passed: bool, outcome: Outcome
) -> None:
    """Any literal input that gives the output is right; anything else is not run."""
    with Sandbox() as sandbox:
        verdict = grade_input(CODE, "4", answer, sandbox)

    assert (verdict.passed, verdict.outcome) == (passed, outcome)


def test_an_object_equal_to_everything_is_wrong() -> None:
    """The program's `__eq__` takes no part in the verdict."""
    code = (
        "class E(int):\n    __eq__ = lambda s, o: True\n    __hash__ = int.__hash__\n"
        "def f(x):\n    return E(9)\n"
    )
    with Sandbox() as sandbox:
        verdicts = list(grade_inputs([InputTask(code, "4", "f(1)")], sandbox))

    assert [verdict.passed for verdict in verdicts] == [False]


@given(st.integers(1, 7), st.data())
def test_pass_at_k_is_the_share_of_draws_with_a_correct_one(n: int, data: st.DataObject) -> None:
    """Counted by enumerating every draw."""
    c, k = data.draw(st.integers(0, n)), data.draw(st.integers(1, n))
    draws = list(combinations([True] * c + [False] * (n - c), k))

    assert math.isclose(pass_at_k(n, c, k), sum(map(any, draws)) / len(draws))


def test_pass_at_k_beyond_the_samples_is_an_error() -> None:
    """Public scorers say 1.0 here."""
    with pytest.raises(ValueError, match="undefined"):
        pass_at_k(n=1, c=0, k=5)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_clusters_of_one_give_the_usual_standard_error(scores: list[float]) -> None:
    """Against the sample standard deviation of the statistics module."""
    _, error = mean_and_stderr(scores, [str(index) for index in range(len(scores))])

    assert math.isclose(error, stdev(scores) / math.sqrt(len(scores)), abs_tol=1e-12)


def test_copies_of_a_row_in_one_cluster_add_no_certainty() -> None:
    """Ten copies of each program's score say no more than one."""
    once = mean_and_stderr([1.0, 0.0, 1.0], ["a", "b", "c"])
    tenfold = mean_and_stderr([1.0, 0.0, 1.0] * 10, ["a", "b", "c"] * 10)

    assert tenfold == pytest.approx(once)


def test_code_is_taken_from_its_fence() -> None:
    """Prose around a fenced program is dropped."""
    assert read_code("Sure:\n```python\nx = 1\n```\nDone.") == "x = 1"

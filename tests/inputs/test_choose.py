"""Which calls are kept, judged by the points that a brute-force search can cover."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.inputs.choose import Tried, choose, choose_raising, points_of_all

tried = st.builds(
    Tried,
    call=st.integers(0, 999).map(lambda n: f"f({n})"),
    value=st.sampled_from(["0", "1", "2"]),
    points=st.frozensets(st.integers(1, 6), min_size=1),
    steps=st.integers(1, 400),
    is_example=st.booleans(),
)


@given(st.lists(tried, max_size=12), st.integers(1, 5))
def test_a_choice_is_small_distinct_and_repeatable(calls: list[Tried], most: int) -> None:
    """Never more than asked for, only what was offered, the same each time."""
    kept = choose(calls, most)

    assert len(kept) <= most
    assert all(kept.count(item) <= calls.count(item) for item in kept)
    assert kept == choose(calls, most)


@given(st.lists(tried, min_size=4, max_size=10, unique_by=lambda item: item.call))
def test_a_choice_covers_nearly_what_any_three_could(calls: list[Tried]) -> None:
    """Greedy covering is within 1 - 1/e of the best (Nemhauser, Wolsey, Fisher 1978)."""
    calls = [Tried(item.call, item.value, item.points, item.steps) for item in calls]
    best = max(len(points_of_all(each)) for each in combinations(calls, 3))

    assert len(points_of_all(choose(calls, 3))) >= 0.63 * best


def test_documented_calls_stay() -> None:
    """The author's examples are kept though they add nothing."""
    same = [Tried(f"f({n})", "0", frozenset({1}), 3, is_example=n > 7) for n in range(10)]

    assert [item.call for item in choose(same, 4)][:2] == ["f(8)", "f(9)"]


def test_runs_that_show_the_same_are_not_repeated() -> None:
    """Of calls with the same points, steps and value two are enough."""
    same = [Tried(f"f({n})", "0", frozenset({1}), 3) for n in range(10)]

    assert len(choose(same, 10)) == 2


def test_other_outputs_are_preferred() -> None:
    """Among calls that run the same lines, those with new values come first."""
    calls = [Tried(f"f({n})", str(n // 5), frozenset({1}), 3) for n in range(20)]

    assert len({item.value for item in choose(calls, 4)}) == 4


def test_calls_that_give_back_an_argument_are_few() -> None:
    """Answering with a copy of the input takes no understanding, so two such calls are enough."""
    calls = [Tried(f"f({n})", str(n), frozenset({1}), n) for n in range(20)]
    others = [Tried(f"f({n})", str(n + 1), frozenset({1}), n) for n in range(20, 25)]

    assert len(choose(calls + others, 10)) == 7


def test_documented_calls_leave_room() -> None:
    """They take half of the places; for the rest a call that reaches more comes first."""
    examples = [Tried(f"f({n})", "0", frozenset({1}), n, is_example=True) for n in range(10)]
    other = Tried("f(99)", "0", frozenset({1, (1, 2)}), 3)

    assert [item.call for item in choose([*examples, other], 4)] == [
        "f(0)",
        "f(1)",
        "f(99)",
        "f(2)",
    ]


def test_both_outcomes_of_a_test_are_shown() -> None:
    """Of a function with two values neither gets more than one place more than the other."""
    calls = [Tried(f"f({n})", str(n % 5 == 0), frozenset({1}), n) for n in range(40)]
    kept = [item.value for item in choose(calls, 9)]

    assert abs(kept.count("True") - kept.count("False")) <= 1


def test_alike_runs_fill_what_would_be_too_small() -> None:
    """A function of one branch always runs alike, and is worth more than two calls."""
    same = [Tried(f"f({n})", str(n % 2), frozenset({1}), 3) for n in range(20)]

    assert len(choose(same, 10)) == 4
    assert len(choose(same, 10, least=6)) == 6


def test_raising_calls_are_kept_for_what_they_reach() -> None:
    """One in any case; each further one only for a point that no other reaches."""
    kept = [Tried("f(1)", "0", frozenset({1, 2}), 3)]
    raised = [
        Tried("f(2)", "", frozenset({1}), 1, exception="TypeError: no"),
        Tried("f(3)", "", frozenset({1, 3}), 1, exception="ValueError: no"),
        Tried("f(4)", "", frozenset({1, 3}), 1, exception="ValueError: no"),
        Tried("f(5)", "", frozenset({1, (1, 4)}), 1, exception="KeyError: 5"),
    ]

    assert [item.call for item in choose_raising(raised, kept, 3)] == ["f(3)", "f(5)"]
    assert [item.call for item in choose_raising(raised[:1], kept, 3)] == ["f(2)"]
    assert choose_raising(raised, kept, 0) == []


def test_a_foreseen_exception_is_preferred() -> None:
    """A wrong type shows nothing of the author's intent."""
    raised = [
        Tried("f('')", "", frozenset({1}), 1, exception="TypeError: no"),
        Tried("f(0)", "", frozenset({1}), 1, exception="ValueError: no"),
    ]

    assert [item.call for item in choose_raising(raised, [], 1)] == ["f(0)"]

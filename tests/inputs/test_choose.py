"""Which calls are kept, judged by the lines that a brute-force search can cover."""

from collections.abc import Iterable
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.inputs.choose import Tried, choose

tried = st.builds(
    Tried,
    call=st.integers(0, 999).map(lambda n: f"f({n})"),
    value=st.sampled_from(["0", "1", "2"]),
    lines=st.frozensets(st.integers(1, 6), min_size=1),
    steps=st.integers(1, 400),
    is_example=st.booleans(),
)


def lines_of(calls: Iterable[Tried]) -> frozenset[int]:
    return frozenset[int]().union(*(item.lines for item in calls))


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
    calls = [Tried(item.call, item.value, item.lines, item.steps) for item in calls]
    best = max(len(lines_of(each)) for each in combinations(calls, 3))

    assert len(lines_of(choose(calls, 3))) >= 0.63 * best


def test_documented_calls_stay() -> None:
    """The author's examples are kept though they add nothing."""
    same = [Tried(f"f({n})", "0", frozenset({1}), 3, is_example=n > 7) for n in range(10)]

    assert [item.call for item in choose(same, 4)][:2] == ["f(8)", "f(9)"]


def test_runs_that_show_the_same_are_not_repeated() -> None:
    """Of calls with the same lines, steps and value two are enough."""
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

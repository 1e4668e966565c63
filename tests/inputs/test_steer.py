"""Where a search goes on and when it ends."""

from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.inputs.choose import Tried
from pyx_dataset.inputs.steer import Progress, parents


def tried(call: str, *points: int, exception: str = "") -> Tried:
    return Tried(call, "0", frozenset(points), 3, exception=exception)


def test_a_call_that_alone_reaches_something_is_bred_most() -> None:
    """Ten calls share their lines; one has a line of its own."""
    common = [tried(f"f({n})", 1, 2) for n in range(10)]
    weights = parents([*common, tried("f(99)", 1, 2, 3)], [])

    assert max(weights, key=weights.__getitem__) == "f(99)"


def test_a_call_that_raised_is_a_parent_only_if_it_came_further() -> None:
    """Breeding from failures is worth it where they are the only way in."""
    valid = [tried("f(1)", 1, 2)]
    raised = [tried("f(2)", 1, exception="E"), tried("f(3)", 1, 5, exception="E")]

    assert set(parents(valid, raised)) == {"f(1)", "f(3)"}
    assert set(parents([], raised)) == {"f(2)", "f(3)"}


@given(
    st.integers(1, 300),
    st.lists(st.tuples(st.integers(1, 40), st.frozensets(st.integers(1, 9))), max_size=40),
)
def test_a_search_ends_within_its_limit(
    most: int, rounds: list[tuple[int, frozenset[int]]]
) -> None:
    """However rounds go, no more than `most` proposals are asked for."""
    progress = Progress(frozenset(range(1, 10)), most)
    made = 0
    for size, points in rounds:
        left = progress.left()
        if left <= 0:
            break
        made += min(size, left)
        progress.note(min(size, left), [Tried("f()", "0", points, 1)])

    assert made <= most


def test_a_search_that_finds_nothing_new_ends_before_one_that_does() -> None:
    """A plateau ends it, and a find puts the end off."""
    lengths = []
    for finds in (0, 9):
        progress = Progress(frozenset(range(10)), 10_000)
        rounds = 0
        while progress.left() > 0:
            progress.note(40, [tried("f()", *range(min(rounds, finds)))])
            rounds += 1
        lengths.append(rounds)

    assert lengths[0] < lengths[1] < 20

"""The story of a run against a run that counts for itself."""

from collections.abc import Callable

import pytest

from pyx_dataset.monologues.run.story import tell
from pyx_dataset.schema import Trace


def test_passes_are_those_the_loop_makes(trace_of: Callable[[str, str], Trace]) -> None:
    """The program counts its own passes; the inner loop runs anew in each outer pass."""
    code = """
    def f(rows):
        counts = []
        for row in rows:
            n = 0
            for x in row:
                n += 1
                if x < 0:
                    break
            counts.append(n)
        return counts
    """
    rows = [[1, 2], [], [5, -1, 7], [3]]
    story = tell(trace_of(code, f"f({rows})"))
    inner = [moment.passes for moment in story if moment.line == 5 and moment.is_first]
    assert str(inner) == story[-1].value


def test_a_helper_is_complete_before_the_line_that_called_it(
    trace_of: Callable[[str, str], Trace],
) -> None:
    """So no result is told before the step that produces it."""
    code = """
    def g(x):
        return x + 1

    def f(x):
        y = g(x)
        return y
    """
    story = tell(trace_of(code, "f(1)"))
    assert [(moment.event, moment.line) for moment in story] == [
        ("call", 4), ("call", 1), ("return", 2), ("line", 5), ("return", 6),
    ]  # fmt: skip
    assert story[3].results == (("g", "2"),)


@pytest.mark.parametrize("x", [-1, 0, 1])
def test_entered_tells_which_branch_ran(trace_of: Callable[[str, str], Trace], x: int) -> None:
    """Against the comparison itself."""
    code = """
    def f(x):
        if x > 0:
            y = 1
        else:
            y = 2
        return y
    """
    story = tell(trace_of(code, f"f({x})"))
    assert [moment.entered for moment in story if moment.line == 2] == [x > 0]

"""The first step that differs, where two runs part."""

import pytest

from pyx_dataset.debugging.divergence import divergence
from pyx_dataset.program import Boxes
from tests.debugging.samples import CODES, Case, traced, watch

PAIRS = {
    "another value": (
        "total", "result += number", "result -= number", "total([1, 3], 4)", 6,
    ),
    "another way": ("total", "number > 2", "number > 3", "total([1, 3], 4)", 4),
    "inside a helper": ("largest", "one >= other", "one <= other", "largest([1, 5])", 13),
    "another argument": ("largest", "(best, number)", "(best, best)", "largest([1, 5])", 12),
    "a guard that is missing": (
        "middle", "    if size == 0:\n        return None\n", "", "middle([])", 4,
    ),
    "an exception": ("middle", "size // 2", "size / 2", "middle([1])", 6),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_the_first_step_that_differs_is_found(name: str, boxes: Boxes) -> None:
    """Its line, known by hand for each kind of difference."""
    program, old, new, call, line = PAIRS[name]
    fixed = CODES[program]
    buggy = fixed.replace(old, new)
    (run,), (right,) = (traced(code, [call], boxes) for code in (buggy, fixed))
    split = divergence(run, right)

    assert buggy != fixed
    assert split is not None
    assert run.steps[split.step].line == line


def test_programs_that_share_too_little_part_where_the_call_ends(boxes: Boxes) -> None:
    """Seven lines against three others: no walk side by side, and it is said."""
    other = "def total(numbers, start):\n    return sum(numbers) + start\n"
    (run,), (right,) = (traced(code, ["total([1], 4)"], boxes) for code in (other, CODES["total"]))
    split = divergence(run, right)

    assert split is not None
    assert not split.is_aligned
    steps = run.steps[split.step], right.steps[split.fixed_step]
    assert [step.event for step in steps] == ["return", "return"]
    assert [step.value for step in steps] == ["5", "4"]


@pytest.mark.parametrize("name", CODES)
def test_runs_of_one_program_do_not_part(name: str, cases: tuple[Case, ...]) -> None:
    """Nor does one that differs in a line which does not run."""
    case = next(item for item in cases if item.bundle.program.id == name)
    for execution in case.bundle.executions:
        assert divergence(execution.trace, execution.trace) is None


def test_all_before_the_divergence_is_the_same(cases: tuple[Case, ...], boxes: Boxes) -> None:
    """By CPython's own trace of both programs: locals at each line, up to the edit."""
    for case in cases:
        for bug in case.bugs:
            call = case.told(bug).call
            (run,) = traced(bug.code, [call], boxes)
            wrong, right = (
                [item.local for item in watch(code, call)] for code in (bug.code, case.code)
            )
            same = 0
            while same < min(len(wrong), len(right)) and wrong[same] == right[same]:
                same += 1
            states = sum(item.event != "call" for item in run.steps[: bug.divergence.step])
            assert states <= same + 2, bug.id

"""What is read out of replies, and what is not."""

import pytest

from pyx_dataset.layout import BACKWARD_HEADINGS, FORWARD_HEADINGS
from pyx_dataset.teacher.parse import (
    Unreadable,
    read_calls,
    read_debugged,
    read_monologue,
    read_program,
    read_solved,
)

END = "\n[/MONOLOGUE]\n[ANSWER]\nassert f(1) == 2\n[/ANSWER]"


def headed(headings: tuple[str, ...]) -> str:
    return "\n\n".join(f"{heading}\nSome words." for heading in headings)


@pytest.mark.parametrize(
    ("direction", "headings"), [("forward", FORWARD_HEADINGS), ("backward", BACKWARD_HEADINGS)]
)
@pytest.mark.parametrize("before", ["", "Sure, here it is:\n\n", "[MONOLOGUE]\n"])
def test_a_monologue_is_what_stands_between_its_first_heading_and_its_end(
    direction: str, headings: tuple[str, ...], before: str
) -> None:
    """Whatever a model says before and behind it."""
    found = read_monologue(before + headed(headings) + END + "\nGood luck!", direction)

    assert found.text == headed(headings)
    assert found.answer == "assert f(1) == 2"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("", "no heading `### Understanding"),
        (headed(FORWARD_HEADINGS[:3]) + END, "no heading `### Conclusion`"),
        (headed(FORWARD_HEADINGS[::-1]) + END, "headings ### Conclusion"),
        (headed((*FORWARD_HEADINGS, "### Bonus")) + END, "headings"),
        (headed(FORWARD_HEADINGS), "with an answer"),
        (headed(FORWARD_HEADINGS) + "\n[/MONOLOGUE]\n[ANSWER]\n[/ANSWER]", "an empty answer"),
    ],
)
def test_what_lacks_a_part_is_unreadable(reply: str, said: str) -> None:
    """And says which."""
    with pytest.raises(Unreadable, match=said):
        read_monologue(reply, "forward")


SOLVED = """### Problem
Double a number with `twice`.

### Plan
Multiply.

### Solution
```python
def helper(x):
    return x + x

def twice(x):
    return helper(x)
```

### Calls
```python
twice(2)
print(twice([1]))
assert twice('ab') == 'abab'
twice(x)
```
"""


def test_a_problem_is_read_with_program_and_calls() -> None:
    """Of several functions, the one that the calls call."""
    found = read_solved(SOLVED)

    assert found.problem == "Double a number with `twice`."
    assert found.code.startswith("def helper(x):")
    assert found.calls == ("twice(2)", "twice([1])", "twice('ab')", "twice(x)")


@pytest.mark.parametrize("gone", ["### Problem", "### Solution", "### Calls"])
def test_a_problem_without_a_part_is_unreadable(gone: str) -> None:
    """And says which."""
    with pytest.raises(Unreadable, match=gone):
        read_solved(SOLVED.replace(gone, "### Other"))


def test_calls_of_no_function_of_the_solution_are_none() -> None:
    """A solution that was renamed on the way."""
    with pytest.raises(Unreadable, match="no call of a function"):
        read_solved(SOLVED.replace("def twice", "def double"))


def test_only_programs_are_programs() -> None:
    """An apology is none."""
    assert read_program("```python\ndef f():\n    return 1\n```") == "def f():\n    return 1\n"
    with pytest.raises(Unreadable):
        read_program("I am sorry, I cannot do that.")


@pytest.mark.parametrize("text", ["f(", "f" * 10_000 + "(", "(" * 5000, "\x00f(1)", "ſ(1)"])
def test_garbage_gives_no_call(text: str) -> None:
    """And no error."""
    assert read_calls(text, "f") == ()


def test_a_rationale_comes_with_the_program_put_right() -> None:
    """Three headings, then the refined program."""
    text = headed(("### Execution Simulation", "### Root Cause Analysis", "### Bug Fixing"))
    code = "def f(x):\n    return x\n"
    found = read_debugged(f"{text}\n[/MONOLOGUE]\n[Refined]\n```python\n{code}```\n[/Refined]")

    assert (found.rationale, found.code) == (text, code)
    with pytest.raises(Unreadable, match="Refined"):
        read_debugged(f"{text}\n[/MONOLOGUE]")

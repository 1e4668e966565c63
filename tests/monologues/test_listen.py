"""Free prose against a run: CPython, run beside it, says what is true."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyx_dataset.calls import check_monologue
from pyx_dataset.monologues.check import check
from pyx_dataset.monologues.forward import forward
from pyx_dataset.monologues.listening.listen import listen
from pyx_dataset.schema import Trace

CODE = """\
def f(text, k):
    words = text.split(" ")
    n = 0
    for word in words:
        if len(word) > k:
            n += len(word)
    return n * 2
"""
TraceOf = Callable[[str, str], Trace]
CALL = "f('ab cde f ghij', 2)"


@pytest.fixture
def told(trace_of: TraceOf) -> Trace:
    return trace_of(CODE, CALL)


TRUE = [
    "1. The function is called with `text` as `'ab cde f ghij'` and `k` as `2`.",
    "- [L6]: The `split` method is called, resulting in the list `['ab', 'cde', 'f', 'ghij']`.",
    "- [L6]: `words` becomes ['ab', 'cde', 'f', 'ghij'].",
    "- [L7]: `n` is initialized to `0`.",
    "- **Line [L8]**: The first element is `'ab'`. The second character (`'b'`) is a letter.",
    "- [L7]: An empty list `rest` is not made; `text.find('c')` finds it at index `3`.",
    "The substring from index `3` to `6` of `text` is `'cde'`.",
    "- **Second Iteration** (`word = 'cde'`):\n  - `len(word)` is `3`, which is greater than `k`.",
    "- **Second Iteration** (`word = 'cde'`):\n  - The condition `len(word) > k` is `True`.",
    "- **Iteration 3**: `word = 'f'`\n  - [L9]: `1 > 2` is `False`.",
    "- For `word = 'ghij'`: `n` is updated to `7`.",
    "The character at index 3 of `text` is `'c'`.",
    "The length of `text` is `13`, and `'gh'` is in `text`.",
    "`text[::-1]` gives `'jihg f edc ba'`.",
    "The reversed string is `'jihg f edc ba'`, `n = 3 + 4 = 7`.",
    "- [L11]: The function returns `n * 2`, which is `7 * 2 = 14`.",
    "The loop runs 4 times, and `'c'` appears once in `text`.",
    "- **First Iteration** (word = 'ab'):\n  - `n` remains unchanged.",
    "- [L10]: `n` is incremented, so n = 3. `words` has 4 elements.",
    "- [L10]: `n` is `3`, so adding `4` `n` becomes `7`.",
    "`k` is even, `'ab'` is lowercase, and `text` does not start with `'b'`.",
    "The last occurrence of `' '` in `text` is at index `8`.",
    "After the loop, `n` is `7`. The final value of `n` is `7`.",
    "`sorted(words)[2]` is `'f'`. Then `words[-1]`: `'ghij'`.",
]
FALSE = [
    "1. The function is called with `text` as `'ab cd'` and `k` as `2`.",
    "- [L6]: The `split` method is called, resulting in the list `['ab', 'cde f', 'ghij']`.",
    "- [L6]: `words` becomes ['ab', 'cde', 'ghij'].",
    "- [L7]: `n` is initialized to `1`.",
    "- **Second Iteration** (`word = 'cde'`):\n  - `len(word)` is `4`.",
    "- **Second Iteration** (`word = 'cde'`):\n  - The condition `len(word) > k` is `False`.",
    "- **Iteration 3**: `word = 'f'`\n  - [L9]: `1 > 2` is `True`.",
    "- **Iteration 3**: `word = 'f'`\n  - `n` becomes `7`.",
    "- For `word = 'abc'`: nothing happens.",
    "- For `word = 'ghij'`: `n` is updated to `8`.",
    "The character at index 3 of `text` is `'b'`.",
    "The length of `text` is `12`.",
    "`'xy'` is in `text`.",
    "`text[::-1]` gives `'jihg f ecd ba'`.",
    "The reversed string is `'jihg f edc b'`.",
    "`n = 3 + 5 = 7`.",
    "- [L11]: The function returns `15`.",
    "The loop runs 3 times.",
    "`'c'` appears twice in `text`.",
    "`k` is odd.",
    "`'ab'` is not lowercase.",
    "`words` has 5 elements.",
    "The third character `'b'` is left.",
    "The substring from index `3` to `6` of `text` is `'cd'`.",
    "The text is split into words: `['ab', 'cde', 'ghij']`.",
    "The last occurrence of `' '` in `text` is at index `7`.",
    "After the loop, `n` is `3`.",
    "The final value of `n` is `3`.",
    "The loop is never entered.",
    "- [L10]: `n` remains unchanged.",
    "- **Second Iteration** (word = 'xyz'):",
    "The final result is `[14, 15]`, `words[0]` is `'a'`.",
]
UNCLEAR = [
    "The function checks if `n` is `5`.",
    "If `k` were `3`, `n` would be `4`.",
    "- [L9]: It checks whether `len(word)` is greater than `9`.",
    "The first word `'Ab'` becomes `'AB'`.",
    "Neither `'x'` nor `'y'` is in `text`.",
    "`word` is one of `words`.",
    "The element before `k` (which is `7`) is left alone.",
    "- [L10]: The line is not reached in this case, so `n` is not `9`.",
    "Take the first three characters.",
]


@pytest.mark.parametrize("text", TRUE)
def test_a_true_sentence_is_confirmed(told: Trace, text: str) -> None:
    """At least one claim is read, and none is contradicted."""
    report = check(text, told)
    assert report.confirmed
    assert not report.contradicted


@pytest.mark.parametrize("text", FALSE)
def test_a_false_sentence_is_contradicted(told: Trace, text: str) -> None:
    """What the run never shows is not so."""
    assert check(text, told).contradicted


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_is_not_said_is_not_contradicted(told: Trace, text: str) -> None:
    """Questions, suppositions and what belongs to something else are left alone."""
    assert not check(text, told).contradicted


def prose(xs: list[int], change: Callable[[int], int]) -> Iterator[str]:
    """An account of a running maximum in a model's style; `change` may spoil one number."""
    best = xs[0]
    yield f"1. [L6]: `best` is set to `{change(best)}`."
    for number, x in enumerate(xs, start=1):
        best = max(best, x)
        yield f"{number + 1}. **Iteration {number}** (`x = {x}`):"
        yield f"   - [L8]: `best` becomes `max(best, {x})`, which is `{change(best)}`."
    yield f"{len(xs) + 2}. After the loop, `best` is `{change(best)}`."


MAXIMUM = """\
def f(xs):
    best = xs[0]
    for x in xs:
        best = max(best, x)
    return best
"""
numbers = st.lists(st.integers(-50, 50), min_size=1, max_size=6)


def test_our_own_words_are_never_contradicted(case: Any, trace: Trace) -> None:
    """Read as prose, a true account has no wrong claim either."""
    text = forward(case.code, case.name, trace, "", Random(1)).text
    verdicts = [heard.finding[0] for heard in listen(text, trace)]
    assert True in verdicts
    assert False not in verdicts


same_function = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
"""`trace_of` is a plain function, the same for every example."""


@same_function
@given(numbers)
def test_a_true_account_is_never_contradicted(trace_of: TraceOf, xs: list[int]) -> None:
    """Whatever the numbers are, and however often they occur."""
    report = check("\n".join(prose(xs, int)), trace_of(MAXIMUM, f"f({xs})"))
    assert len(report.confirmed) >= 2 * len(xs) + 2
    assert not report.contradicted


@same_function
@given(numbers, st.randoms(use_true_random=False))
def test_a_number_that_never_occurs_is_contradicted(
    trace_of: TraceOf, xs: list[int], rng: Random
) -> None:
    """One number of the account, replaced by one that the run does not have."""
    chosen, seen = rng.randrange(len(xs) + 2), iter(range(99))
    text = "\n".join(prose(xs, lambda value: 77 if next(seen) == chosen else value))
    assert check(text, trace_of(MAXIMUM, f"f({xs})")).contradicted


@pytest.mark.parametrize(("value", "verdict"), [("'12'", (2, 0)), ("'13'", (1, 1))])
@pytest.mark.parametrize(
    "sentence",
    [
        "- [L6] `s.format(**d)` gives `'x-12'`, so `s.format(**d).partition(\"-\")[2]` is `{}`.",
        "[L6] `s.format(**d)` is `'x-12'`, `s.format(**d).partition(\"-\")[2]` is `{}`.",
    ],
)
def test_what_is_not_worked_out_is_held_against_what_the_run_noted(
    sentence: str, value: str, verdict: tuple[int, int]
) -> None:
    """Both readings ask the recorded parts where no reckoning knows the method."""
    code = 'def f(d, s):\n    return s.format(**d).partition("-")[2].zfill(4)\n'
    text = "### Execution Simulation\n" + sentence.format(value)

    report = check_monologue(text, code, "f({'a': 12}, 'x-{a}')")

    assert (len(report.confirmed), len(report.contradicted)) == verdict

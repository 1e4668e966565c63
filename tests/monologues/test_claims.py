"""What prose claims, in our words and in those of a language model."""

import pytest

from pyx_dataset.monologues.claims import claims, in_backticks

CODE = """def f(xs, d):
    n = 0
    for x in xs:
        if x > 2:
            n += x
    return n
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[L6] `n = 0`.", ("value", "n", "0", 2)),
        ("[L6] `n` is set to 0.", ("value", "n", "0", 2)),
        ("On [L9], `n` becomes `7`.", ("value", "n", "7", 5)),
        ("[L9]: `n` is now 7.", ("value", "n", "7", 5)),
        ("[L9] `n` is 7", ("value", "n", "7", 5)),
        ("[L9] `n` stays `7`.", ("unchanged", "n", "7", 5)),
        ("[L7] `x = 3`", ("binds", "x", "3", 3)),
        ("[L5] `d = {'a': 1}`", ("binds", "d", "{'a': 1}", 1)),
        ("[L8] `x > 2` is true", ("branch", "", "True", 4)),
        ("[L8] The condition is False.", ("branch", "", "False", 4)),
        ("[L7] The loop runs 3 times.", ("loop", "", "3", 3)),
        ("[L7] It ends after 1 pass.", ("loop", "", "1", 3)),
        ("[L10] The function returns 5.", ("returns", "", "5", 6)),
        ("`f` returns `5`.", ("returns", "f", "5", None)),
        ("[L9] `d['a']` becomes `1`", ("value", "d['a']", "1", 5)),
        ("[L8] `len(xs)` is 3.", ("value", "len(xs)", "3", 4)),
        ("assert f([1], {}) == 'a == b'", ("answer", "f([1], {})", "'a == b'", None)),
        ("[L6] `it` is now an iterator", ("value", "it", "an iterator", 2)),
        ("[L9] it raises a `TypeError`", ("raises", "", "TypeError", 5)),
    ],
)
def test_a_statement_is_read(text: str, expected: tuple[str, str, str, int | None]) -> None:
    """One sentence, one claim, with its line less the label offset."""
    assert [(c.kind, c.subject, c.value, c.line) for c in claims(text, CODE)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "[L9] `n += x` adds `x` to `n`.",
        "[L6] `n` is 3 or more times larger",
        "[L7] `x` is one of the items",
        "[L10] returns `n`",
        "### Key Properties and Constraints\n- If `xs` is empty, it returns `0`.",
    ],
)
def test_what_states_no_value_of_this_run_is_no_claim(text: str) -> None:
    """Source, comparisons and general properties are not guessed at."""
    assert claims(text, CODE) == ()


@pytest.mark.parametrize("value", ["'a`b'", "'``'", "'`'", "['x`', '`y`']"])
def test_a_value_with_backticks_survives(value: str) -> None:
    """What is quoted is read back as it was."""
    [claim] = claims(f"[L6] {in_backticks('n')} becomes {in_backticks(value)}.", CODE)
    assert claim.value == value

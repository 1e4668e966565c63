"""Strings made for regular expressions, judged by CPython's own matcher."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.inputs.patterns import matching, patterns_of

PATTERNS = [
    r"\$\(([A-Za-z][A-Za-z0-9_]*)\)",
    r"=[a-fA-F0-9]{2}",
    r"(\d+)\.(\d+)(?:\.(\d+))?",
    r"(?P<a>\w+)-(?P=a)",
    r"[^\s,]+(?:, *[^\s,]+)*",
    r"(?:foo|ba[rz])+?\s\S\W",
    r"\[[^\]]\]|\D{3}",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_is_made_is_matched(pattern: str) -> None:
    """Whole, on fifty draws."""
    (parsed,) = patterns_of(f"import re\n\nPATTERN = re.compile({pattern!r})\n")
    rng = Random(1)

    assert all(re.fullmatch(pattern, matching(parsed, rng)) for _ in range(50))


@given(st.text(max_size=12))
def test_any_string_in_a_program_is_read_without_harm(text: str) -> None:
    """Most strings are no expressions, and what is one makes some text."""
    for parsed in patterns_of(f"import re\n\nX = {text!r}\n"):
        assert isinstance(matching(parsed, Random(1)), str)


def test_programs_without_expressions_have_none() -> None:
    """A string with brackets means nothing where `re` is not imported."""
    assert patterns_of("X = '[a-z]+'\n") == ()

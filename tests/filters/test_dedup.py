"""Which programs are the same, and which belong together."""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyx_dataset.filters import dedup
from pyx_dataset.filters.dedup import families, function_shapes, shape

NAMES = st.lists(
    st.from_regex(r"[a-z]{2,6}_x", fullmatch=True), min_size=6, max_size=6, unique=True
)
TEMPLATE = """
import re as {5}

def {0}({1}, {2}=3):
    {3} = []
    for {4} in {1}:
        if {5}.match("a", {4}):
            {3}.append(len({4}) + {2})
    return sorted({3}, key=lambda {4}: -{4})
"""
DRESSED = '''
# a comment
import re as {5}


def {0}({1}: list[str], {2}: int = 3) -> list[int]:
    """Says something."""
    {3}: list[int] = []
    for {4} in {1}:
        if {5}.match("a", {4}):
            {3}.append(len({4}) + {2})
    return sorted({3}, key=lambda {4}: -{4})
'''
BLOCKS = [f"def part_{n}(x):\n    y = x * {n}\n    return y - {n}\n" for n in range(6)]


@given(NAMES, NAMES)
def test_names_docstrings_annotations_and_comments_do_not_count(
    left: list[str], right: list[str]
) -> None:
    """One function under two sets of names, once bare and once dressed, has one shape."""
    assert shape(TEMPLATE.format(*left)) == shape(DRESSED.format(*right))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("=3", "=4"),
        ("len", "sum"),
        ("-{4}", "+{4}"),
        (".match", ".search"),
        ("import re", "import os"),
    ],
)
def test_what_the_function_does_counts(old: str, new: str) -> None:
    """A constant, a built-in, an operator, a method or a module makes another shape."""
    names = ["f", "xs", "k", "out", "x", "m"]

    assert shape(TEMPLATE.format(*names)) != shape(TEMPLATE.replace(old, new).format(*names))


def test_swapped_variables_count() -> None:
    """Names do not count, but which of two is used does."""
    assert shape("def f(a, b):\n return a - b") != shape("def f(a, b):\n return b - a")


def test_a_helper_counts_as_what_it_does() -> None:
    """The same call of helpers that differ is not the same function."""
    program = "def h(x):\n    return x + {}\n\ndef f(x):\n    return h(x)\n"

    assert function_shapes(program.format(1))[1] != function_shapes(program.format(2))[1]
    assert (
        function_shapes(program.format(1))[1]
        == function_shapes(program.format(1).replace("h(", "g("))[1]
    )


def test_recursion_ends() -> None:
    """Functions that call themselves and each other have shapes, whatever their names."""
    program = "def {0}(n):\n return n and {1}(n - 1)\n\ndef {1}(n):\n return {0}(n) or {1}(n)\n"

    assert shape(program.format("even", "odd")) == shape(program.format("a", "b"))


@settings(max_examples=50)
@given(st.lists(st.sets(st.integers(0, 5), min_size=1, max_size=3), min_size=1, max_size=6))
def test_families_are_the_programs_that_sharing_connects(members: list[set[int]]) -> None:
    """Union-find agrees with walking the graph of shared functions."""
    codes = {
        str(number): "".join(BLOCKS[block] for block in sorted(blocks))
        for number, blocks in enumerate(members)
    }
    found = families(codes.items())
    for left, _ in enumerate(members):
        reached, before = {left}, set[int]()
        while reached != before:
            before = reached
            reached = {n for n, m in enumerate(members) for r in before if m & members[r]}

        assert {n for n in range(len(members)) if found[str(n)] == found[str(left)]} == reached


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sets(st.integers(0, 5), min_size=1, max_size=2), min_size=4, max_size=12))
def test_a_family_stops_growing_and_nothing_is_shared_between_two(members: list[set[int]]) -> None:
    """What is left out would have made one of more than three; what is kept shares in one only."""
    codes = {
        str(number): "".join(BLOCKS[block] for block in sorted(blocks))
        for number, blocks in enumerate(members)
    }
    found = families(codes.items(), most=3)
    kin = {str(n): {str(m) for m, other in enumerate(members) if other & members[n]} for n in
           range(len(members))}  # fmt: skip

    assert max(Counter(found.values()).values()) <= 3
    assert all(found[one] == found[two] for one in found for two in kin[one] & found.keys())
    for name in codes.keys() - found.keys():
        near = {found[other] for other in kin[name] & found.keys()}
        assert sum(family in near for family in found.values()) >= 3


def test_a_one_liner_makes_no_family() -> None:
    """Two programs that share only a trivial helper are not related."""
    helper = "def h(x):\n    return x.lower()\n\n"
    codes = {name: f"{helper}{block}" for name, block in zip("ab", BLOCKS[1:], strict=False)}

    assert len(set(families(codes.items()).values())) == 2


def test_a_family_does_not_depend_on_order() -> None:
    """The same programs in another order have the same families."""
    codes = {str(n): BLOCKS[n] + BLOCKS[(n + 1) % 3] for n in range(5)}

    assert families(codes.items()) == families(reversed(codes.items()))


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_shapes_are_the_same_on_every_python(version: str) -> None:
    """Families decide splits, so they must not depend on the interpreter."""
    beside = Path(sys.base_prefix).parent.glob(f"{version}.*/bin/python")
    python = next(beside, None) or shutil.which(f"python{version}")
    code = (
        'def f(x: int, w):\n    """Doc."""\n    return f"{x:>{w}} {x!r}" if x else [y for y in w]\n'
    )
    ask = f"import sys; sys.path.insert(0, {str(Path(dedup.__file__).parent)!r}); import dedup\n"
    ask += f"print(dedup.shape({code!r}))"
    done = subprocess.run([python or "false", "-Ic", ask], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no python{version} here")

    assert done.stdout.strip() == shape(code)

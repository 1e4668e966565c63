"""Guesses at inputs are close to the output, and the same in every process."""

import os
import subprocess
import sys

import pytest

from pyx_dataset.monologues.run.literals import canonical
from pyx_dataset.monologues.undoing.guesses import guesses

_ASKED = """
from pyx_dataset.monologues.run.literals import canonical
from pyx_dataset.monologues.undoing.guesses import guesses
sets = {"noon", "level", "kayak", "a"}
for like in (1, "a", [], ["a"], [[]], ("a",), {"a": 1}, b"a"):
    for want in (sets, [sets], {"a": sets}, frozenset(sets)):
        print([canonical(value) for value in guesses(like, want)])
"""


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_guesses_from_a_set_do_not_depend_on_the_hash_seed(seed: str) -> None:
    """A set's own order is that of CPython's string hashes, which differ between processes."""

    def printed(hash_seed: str) -> bytes:
        command = [sys.executable, "-c", _ASKED]
        return subprocess.check_output(command, env={**os.environ, "PYTHONHASHSEED": hash_seed})

    assert printed(seed) == printed("0") != b""


def test_a_set_is_guessed_as_itself() -> None:
    """Where a set is asked for, the output may be the input."""
    assert guesses({1}, {3, 2})[0] == {2, 3}


@pytest.mark.parametrize("like", [1, 1.0, "a", [], ["a"], [[]], ("a",), {"a": 1}, {"a"}, b"a"])
def test_guesses_are_not_as_long_as_a_number_is_large(like: object) -> None:
    """A checksum of a billion once became as many zero bytes, and the build ran out of memory."""
    assert all(len(canonical(value)) < 1000 for value in guesses(like, 10**7))

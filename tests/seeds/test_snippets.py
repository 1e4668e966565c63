"""Pieces of real code, held against the parser."""

import ast
import calendar
import heapq
import inspect
import textwrap
from random import Random

import pytest

from pyx_dataset.seeds.snippets import snippets


@pytest.mark.parametrize("module", [textwrap, heapq, calendar])
def test_every_piece_parses_and_stands_in_the_source(module: object) -> None:
    """Of fifty pieces of a real module, all; lines at random would parse in half of the cases."""
    source = inspect.getsource(module)  # type: ignore[arg-type]  # they are modules
    found = snippets(source, Random(7), 50)
    known = {line.strip() for line in source.splitlines()}
    for piece in found:
        ast.parse(piece)

        assert {line.strip() for line in piece.splitlines()} <= known

    assert len(set(found)) == 50


def test_the_same_generator_draws_the_same_pieces() -> None:
    """And another one others."""
    source = inspect.getsource(textwrap)

    assert snippets(source, Random(1), 9) == snippets(source, Random(1), 9)
    assert snippets(source, Random(1), 9) != snippets(source, Random(2), 9)


def test_pieces_are_no_whole_files_and_no_single_lines() -> None:
    """Three lines at least and forty at most, and what has none gives none."""
    found = snippets(inspect.getsource(heapq), Random(3), 500)

    assert {3 <= piece.count("\n") + 1 <= 40 for piece in found} == {True}
    assert snippets("x = 1\n", Random(3), 5) == []


def test_what_is_no_python_is_an_error() -> None:
    """The caller knows which source it gave."""
    with pytest.raises(SyntaxError):
        snippets("def f(:", Random(1), 1)

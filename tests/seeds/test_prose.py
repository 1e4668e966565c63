"""What docstrings give: prose and examples."""

import ast
import doctest

import inflection
from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.schema import Example
from pyx_dataset.seeds.prose import examples_of, instruction_of


def test_the_description_ends_at_tables_and_examples() -> None:
    """Parameter tables, fields and doctests are no prose."""
    text = "Count things.\n\nOnly some\nof them.\n\n:param x: what\n\nMore.\n"

    assert instruction_of(text) == "Count things.\n\nOnly some of them."
    assert instruction_of("Do it:\n\n>>> f(1)\n2\n") == "Do it."
    assert instruction_of(None) == ""


@given(st.text(max_size=2000))
def test_any_docstring_gives_a_short_description(text: str) -> None:
    """Nothing that people write makes it fail or run long."""
    assert len(instruction_of(text)) <= 600


def test_examples_of_a_real_package_are_those_that_doctest_finds() -> None:
    """Every documented literal call of `inflection.pluralize`, with the value it really has."""
    found = examples_of(inflection.pluralize.__doc__, "pluralize")
    documented = doctest.DocTestParser().get_examples(inflection.pluralize.__doc__ or "")

    assert len(found) == len(documented)
    for example in found:
        word = ast.literal_eval(example.call.removeprefix("pluralize(").removesuffix(")"))
        assert ast.literal_eval(example.value or "") == inflection.pluralize(word)


def test_examples_that_show_no_value_are_left_out() -> None:
    """Errors, prints, abbreviations, other functions and unknown names document no value."""
    text = (
        ">>> f(0)\nTraceback (most recent call last):\nValueError: no\n"
        ">>> print(f(1))\n2\n>>> f(2)\n[0, ...]\n>>> g(3)\n4\n>>> f(x)\n5\n>>> f(*[6])\n7\n"
        ">>> f(8)\n<object at 0x1>\n"
    )

    assert examples_of(text, "f") == ()


def test_a_comparison_documents_a_value_and_silence_documents_none() -> None:
    """``f(1) == 2`` shown as True says 2; a call that shows nothing says nothing."""
    found = examples_of(">>> f(1) == 2\nTrue\n>>> f(3)\n", "f")

    assert found == (Example("f(1)", "2"), Example("f(3)", None))


def test_a_name_is_filled_in_once() -> None:
    """The first call may have changed the list, so the second example is not trusted."""
    found = examples_of(">>> xs = [2, 1]\n>>> f(xs)\n1\n>>> f(xs)\n1\n", "f")

    assert found == (Example("f([2, 1])", "1"),)

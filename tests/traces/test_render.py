"""The trace formats, against texts written by hand from the papers' layouts."""

import ast
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from pyx_dataset.errors import InputError
from pyx_dataset.schema import Part
from pyx_dataset.traces.render import FORMATS, render

CODE = "def f(xs):\n    n = 0\n    for x in xs:\n        n += x\n    return n\n"

SCRATCHPAD = """\
def f(xs): # [INPUT] {"xs": [4, 5]} [/INPUT]
    n = 0 # [STATE] {"n": 0} [/STATE]
    for x in xs: # [STATE] {"x": 4} [/STATE][STATE] {"x": 5} [/STATE][STATE] {} [/STATE]
        n += x # [STATE] {"n": 4} [/STATE][STATE] {"n": 9} [/STATE]
    return n # [STATE] {} [/STATE][OUTPUT] 9 [/OUTPUT]"""

CONCISE = """\
[L5] [INPUT] {"xs": [4, 5]} [/INPUT] [/L5]
[L6] {"n": 0} [/L6]
[L7] {"x": 4} [/L7]
[L8] {"n": 4} [/L8]
[L7] {"x": 5} [/L7]
[L8] {"n": 9} [/L8]
[L7] [/L7]
[L9] [OUTPUT] 9 [/OUTPUT] [/L9]"""

CODEEXECUTOR = """\
[LINE] [2] [STATE] xs : [4, 5] [DICTSEP] n : 0 [STATEEND]
[LINE] [3] [STATE] xs : [4, 5] [DICTSEP] n : 0 [DICTSEP] x : 4 [STATEEND]
[LINE] [4] [STATE] xs : [4, 5] [DICTSEP] n : 4 [DICTSEP] x : 4 [STATEEND]
[LINE] [3] [STATE] xs : [4, 5] [DICTSEP] n : 4 [DICTSEP] x : 5 [STATEEND]
[LINE] [4] [STATE] xs : [4, 5] [DICTSEP] n : 9 [DICTSEP] x : 5 [STATEEND]
[LINE] [3] [STATE] xs : [4, 5] [DICTSEP] n : 9 [DICTSEP] x : 5 [STATEEND]
[LINE] [5] [STATE] xs : [4, 5] [DICTSEP] n : 9 [DICTSEP] x : 5 [STATEEND]"""


@pytest.mark.parametrize(
    ("style", "text"),
    [("scratchpad", SCRATCHPAD), ("concise", CONCISE), ("codeexecutor", CODEEXECUTOR)],
)
def test_layout_is_that_of_the_paper(style: str, text: str, trace_of: Any) -> None:
    """A loop of two passes in each format, written out by hand."""
    assert render(trace_of(CODE, "f([4, 5])"), style) == text


def test_next_keeps_the_first_two_states_and_the_last(trace_of: Any) -> None:
    """More than three states of a line are shortened, and all are numbered in order."""
    lines = render(trace_of(CODE, "f([4, 5, 6])"), "next").split("\n")
    assert lines[2] == (
        '    for x in xs: # [STATE-2] {"x": 4} [/STATE-2][STATE-4] {"x": 5} [/STATE-4]'
        " ... [STATE-8] {} [/STATE-8]"
    )


def test_scratchpad_is_still_the_program(trace_of: Any) -> None:
    """Apart from comments, the text is the code."""
    text = render(trace_of(CODE, "f([4, 5])"), "scratchpad")
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(CODE))


def test_states_are_python_data(trace_of: Any) -> None:
    """What stands between the tags can be read back."""
    text = render(trace_of(CODE, "f([1.5, True])"), "scratchpad")
    states = [ast.literal_eval(state) for state in re.findall(r"\[STATE\] (.*?) \[/STATE\]", text)]
    assert {"n": 1.5} in states


def test_jsonl_has_one_object_for_each_step(trace_of: Any) -> None:
    """Any JSON reader reads it, line by line."""
    trace = trace_of(CODE, "f([4, 5])")
    rows = [json.loads(line) for line in render(trace, "jsonl").splitlines()]
    assert [row["line"] for row in rows] == [step.line for step in trace.steps]


def test_table_shows_the_code_beside_the_changes(trace_of: Any) -> None:
    """People see each line with what it did."""
    assert render(trace_of(CODE, "f([4])"), "table").split("\n")[3] == (
        "   3    4          n += x    n = 4"
    )


@pytest.mark.parametrize("style", sorted(set(FORMATS) - {"table", "jsonl"}))
def test_value_that_is_not_plain_is_refused(style: str, trace_of: Any) -> None:
    """A format for models shows plain data or nothing."""
    trace = trace_of("def f():\n    g = iter([])\n    return 1\n", "f()")
    with pytest.raises(InputError, match="list_iterator"):
        render(trace, style)
    assert "list_iterator" in render(trace, "table")


def test_unknown_style_is_an_input_error(trace_of: Any) -> None:
    """The message lists what there is."""
    with pytest.raises(InputError, match="scratchpad"):
        render(trace_of(CODE, "f([])"), "xml")


def test_element_of_a_container_stands_beside_its_value(trace_of: Any) -> None:
    """In the table in brackets, in JSON lines as a column of its own, where it says less."""
    trace = trace_of("def f(xs):\n    xs[1] = 9\n    xs.append(0)\n", "f([1, 2, 3, 4])")

    assert render(trace, "table").split("\n")[1].endswith("xs = [1, 9, 3, 4]  (xs[1] = 9)")
    rows = [json.loads(line) for line in render(trace, "jsonl").splitlines()]
    assert [row.get("elements") for row in rows] == [None, {"xs[1]": "9"}, {"xs[4:]": "[0]"}, None]


def test_parts_stand_under_their_line(noted_of: Any) -> None:
    """In the order in which they got their values; on one line each, and too long ones marked."""
    trace = noted_of("def f(s):\n    return (s.upper()\n        + s[0])\n", "f('ab')")
    trace = replace(trace, parts=(*trace.parts, Part(1, 2, 0, "s * 9", None)))

    assert render(trace, "table").split("\n")[1:6] == [
        "   1    2      return (s.upper()",
        "             > s.upper() = 'AB'",
        "             > s[0] = 'a'",
        "             > s.upper() + s[0] = 'ABa'",
        "             > s * 9 = <too long to show>",
    ]


def test_jsonl_has_parts_if_they_were_asked_for(trace_of: Any, noted_of: Any) -> None:
    """Each with its place; without asking the rows are as they always were."""
    code = "def f(s):\n    return s[0]\n"
    rows = [json.loads(line) for line in render(noted_of(code, "f('ab')"), "jsonl").splitlines()]
    assert rows[1]["parts"] == [{"line": 2, "column": 11, "text": "s[0]", "value": "'a'"}]
    assert "parts" not in render(trace_of(code, "f('ab')"), "jsonl")

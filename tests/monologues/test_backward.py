"""Backward monologues walk from the output to arguments that give it."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from pyx_dataset.layout import BACKWARD_HEADINGS
from pyx_dataset.monologues.backward import backward
from pyx_dataset.monologues.check import check
from pyx_dataset.monologues.telling.forth import other_answer
from pyx_dataset.monologues.undoing.arguments import supposed_in
from pyx_dataset.monologues.undoing.plain import plain_values
from pyx_dataset.neighbours import known_calls, propose
from pyx_dataset.schema import Trace


def test_every_claim_holds_walking_up(case: Any, trace: Trace) -> None:
    """Nothing in the deduction is contradicted by the run it deduces."""
    monologue = backward(case.code, case.name, trace, "", Random(0))
    report = check(monologue.text, trace, monologue.answer, direction="backward")
    assert report.contradicted == ()


def test_the_proposed_call_gives_the_output(case: Any, trace: Trace) -> None:
    """CPython executes the answer line."""
    scope: dict[str, object] = {}
    exec(case.code, scope)
    exec(backward(case.code, case.name, trace, "", Random(0)).answer, scope)


def test_the_sections_stand_in_the_public_order(case: Any, trace: Trace) -> None:
    """Four headings, and no line label, as the backward prompt has none."""
    text = backward(case.code, case.name, trace, "", Random(0)).text
    assert [line for line in text.split("\n") if line.startswith("#")] == list(BACKWARD_HEADINGS)
    assert "[L" not in text


def test_an_argument_is_named_only_when_it_is_deduced(
    trace_of: Callable[[str, str], Trace],
) -> None:
    """The output comes first, then what it needs, step by step, up to the argument."""
    code = "def f(n):\n    x = n + 3\n    y = x * 2\n    return y - 1\n"
    text = backward(code, "f", trace_of(code, "f(4)"), "", Random(0)).text
    places = [text.index(part) for part in ("`13`", "`y = 14`", "`x = 7`", "`n = 4`", "`f(4)`")]
    assert places == sorted(places)


def test_an_argument_that_does_not_matter_is_said_to_be_free(
    trace_of: Callable[[str, str], Trace],
) -> None:
    """`k` is not read on the way to this output."""
    code = "def f(xs, k):\n    if not xs:\n        return -1\n    return xs[0] + k\n"
    text = backward(code, "f", trace_of(code, "f([], 7)"), "", Random(0)).text
    assert "Nothing on this path depends on the rest, so take `k = 7`." in text


def test_lost_values_are_named_as_freedom(trace_of: Callable[[str, str], Trace]) -> None:
    """`len` keeps only the length."""
    code = "def f(xs):\n    n = len(xs)\n    return n\n"
    text = backward(code, "f", trace_of(code, "f([0, 0])"), "", Random(0)).text
    assert "only the length matters, so take `xs = [0, 0]`" in text


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("return x + 3", "10"),
        ("return x * 4 - 2", "18"),
        ("return x[::-1]", "'abc'"),
        ("return '-'.join(x)", "'a-b'"),
        ("y = x.upper()\n    return y + '!'", "'HI!'"),
        ("return [n * 2 for n in x]", "[2, 4]"),
        ("return len(x)", "3"),
        ("out = []\n    for n in x:\n        out.append(n + 1)\n    return out", "[5, 6]"),
        ("return f'<{x}>'", "'<a>'"),
        ("return x // 10", "4"),
    ],
)
def test_a_call_is_deduced_without_the_input(
    trace_of: Callable[[str, str], Trace], body: str, value: str
) -> None:
    """Whatever input the path comes from, CPython says that the deduced call gives the value."""
    code = f"def f(x):\n    {body}\n"
    starts = {
        "10": "7", "18": "5", "'abc'": "'cba'", "'a-b'": "['a', 'b']", "'HI!'": "'hI'",
        "[2, 4]": "[1, 2]", "3": "[7, 8, 9]", "[5, 6]": "[4, 5]", "'<a>'": "'a'", "4": "47",
    }  # fmt: skip
    calls = propose(code, "f", trace_of(code, f"f({starts[value]})"), Random(0))
    scope: dict[str, object] = {}
    exec(code, scope)
    assert [repr(eval(call, scope)) for call in calls] == [value]


def test_what_is_free_becomes_plain(trace_of: Callable[[str, str], Trace]) -> None:
    """Only the length matters, and `k` not at all: the deduced call does not repeat the input."""
    code = "def f(xs, k):\n    return len(xs)\n"
    assert propose(code, "f", trace_of(code, "f([8, 3], 99)"), Random(0)) == ["f([0, 0], 0)"]


def test_a_default_is_left_out(trace_of: Callable[[str, str], Trace]) -> None:
    """`k` was not given, and what is deduced for it is what it is anyway."""
    code = "def f(x, k=2):\n    return x + k\n"
    assert propose(code, "f", trace_of(code, "f(5)"), Random(0)) == ["f(5)"]


def test_the_check_forward_is_checked(case: Any, trace: Trace) -> None:
    """A wrong state in it is found."""
    text = backward(case.code, case.name, trace, "", Random(0)).text
    line = next(line for line in text.split("\n") if line.startswith("- Check forward"))
    start, _, end = line.rpartition(trace.value or "")
    wrong = text.replace(line, f"{start}'no such value'{end}")
    report = check(wrong, trace, direction="backward")
    assert report.contradicted


def test_the_same_call_in_other_quotes_is_no_other_answer(
    trace_of: Callable[[str, str], Trace],
) -> None:
    """Nothing else is known that gives this value."""
    code = "def f(s):\n    return len(s)\n"
    known = known_calls(code, "f", [('f("ab")', "2", ""), ("f('abc')", "3", "")])
    text = backward(code, "f", trace_of(code, "f('ab')"), "", Random(0), known=known).text
    assert 'f("ab")' not in text


def test_another_answer_is_named(trace_of: Callable[[str, str], Trace]) -> None:
    """The shortest of the known calls with the same value."""
    code = "def f(xs):\n    return len(xs)\n"
    known = known_calls(code, "f", [("f([1])", "1", ""), ("f('abcde')", "5", ""),
                                    ("f([7, 7, 7, 7, 7])", "5", "")])  # fmt: skip
    trace = trace_of(code, "f([0, 0, 0, 0, 0])")
    text = backward(code, "f", trace, "", Random(0), known=known).text
    assert "f('abcde')" in text
    assert "f([1])" not in text


@pytest.mark.parametrize(
    ("code", "first", "second"),
    [
        ("def f(xs, k):\n    return len(xs) + k\n", "f([1, 2], 5)", "f([7, 8, 9], 4)"),
        ("def f(a, b):\n    if a > 3:\n        return b * 2\n    return 0\n", "f(9, 4)", "f(4, 4)"),
        ("def f(t):\n    return t.strip().lower()\n", "f(' AbC ')", "f('abc  ')"),
        ("def f(xs):\n    n = 0\n    for x in xs:\n        if x > 2:\n            n += 1\n"
         "    return n\n", "f([5, 8])", "f([9, 3])"),
        ("def g(x):\n    return x + 1\n\n\ndef f(x, y):\n    return g(x) * y\n", "f(5, 2)",
         "f(1, 6)"),
    ],
)  # fmt: skip
def test_what_is_proposed_does_not_depend_on_the_arguments_of_the_run(
    trace_of: Callable[[str, str], Trace], code: str, first: str, second: str
) -> None:
    """Two calls with the same path and value, other arguments: the same proposals, which hold."""
    proposed = [propose(code, "f", trace_of(code, call), Random(0)) for call in (first, second)]
    scope: dict[str, object] = {}
    exec(code, scope)
    assert proposed[0] == proposed[1] != []
    assert eval(proposed[0][0], scope) == eval(first, scope)


def test_a_condition_moves_up_the_path(trace_of: Callable[[str, str], Trace]) -> None:
    """What must hold of `n` must hold of what `n` comes from, and the choice meets it."""
    code = "def f(t):\n    n = len(t)\n    if n > 2:\n        return 1\n    return 0\n"
    [call, *_] = propose(code, "f", trace_of(code, "f('something')"), Random(0))
    text = backward(code, "f", trace_of(code, call), "", Random(0))
    assert "`len(t) > 2` must be true" in text.text
    assert text.supposed == 0


def test_what_is_not_deduced_is_said_to_be_tried(trace_of: Callable[[str, str], Trace]) -> None:
    """The count of arguments that are tried is what the text says."""
    code = "import math\n\n\ndef f(x, k):\n    return math.gamma(x) + k\n"
    told = backward(code, "f", trace_of(code, "f(5, 0)"), "", Random(0))
    own = backward(code, "f", trace_of(code, "f(5, 0)"), "", Random(0), is_own=True)
    assert told.supposed == supposed_in(told.text) >= 1
    assert own.supposed == supposed_in(own.text) >= told.supposed


def test_a_helper_is_gone_through_from_its_end(trace_of: Callable[[str, str], Trace]) -> None:
    """What the helper must return becomes what it must be given."""
    code = "def g(y):\n    z = y * 2\n    return z + 1\n\n\ndef f(x):\n    return g(x - 4)\n"
    assert propose(code, "f", trace_of(code, "f(9)"), Random(0)) == ["f(9)"]
    text = backward(code, "f", trace_of(code, "f(9)"), "", Random(0)).text
    assert text.index("`z = 10`") < text.index("`y = 5`") < text.index("`x = 9`")


def test_the_other_answer_is_read_back(trace_of: Callable[[str, str], Trace]) -> None:
    """What the text names is the call that verification runs, in whatever words and quotes."""
    code = "def f(xs):\n    return len(xs)\n"
    known = known_calls(code, "f", [("f('a`b')", "3", "")])
    trace = trace_of(code, "f([0, 0, 0])")
    for seed in range(6):
        text = backward(code, "f", trace, "", Random(seed), known=known).text
        assert other_answer(text) == "f('a`b')"
    assert other_answer(backward(code, "f", trace, "", Random(0)).text) is None


def test_plain_values_of_nothing_known_come_to_an_end() -> None:
    """An empty list beside tables whose keys are empty rows shows no type to go by."""
    assert [] in plain_values([], [{(): []}, {}, ()])


def test_a_dictionary_with_lists_as_keys_is_never_proposed(
    trace_of: Callable[[str, str], Trace],
) -> None:
    """What `sorted` gave could have been a list, but no key can be one: the build goes on."""
    code = (
        "def f(stock):\n    chosen = []\n    for name, count in stock.items():\n"
        "        if count % 4 == 2:\n            chosen.append(name)\n    counts = {}\n"
        "    for word in chosen:\n        for char in sorted(set(word)):\n"
        "            counts[char] = counts.get(char, 0) + 1\n    return counts\n"
    )
    scope: dict[str, Any] = {}
    exec(code, scope)

    for call in propose(code, "f", trace_of(code, "f({'Anna': 6, 'sun': 15})"), Random(0)):
        assert isinstance(eval(call, scope), dict)

"""Proposed calls, judged by what CPython does with them."""

import ast
import binascii
import inspect
from random import Random

import pytest

from pyx_dataset.inputs.calls import parse_call
from pyx_dataset.inputs.generate import first_calls, next_calls
from pyx_dataset.inputs.parameters import parameters
from pyx_dataset.schema import Example, Seed, Source

SOURCE = Source("demo", "1", "MIT", "demo.py", 1)

TWO_SUM = """def two_sum(numbers, goal):
    seen = {}
    for index, number in enumerate(numbers):
        if goal - number in seen:
            return seen[goal - number], index
        seen[number] = index
    return None
"""
ROMAN = """def value(numeral):
    total = 0
    for one, other in zip(numeral, numeral[1:] + 'I'):
        here, there = ({'I': 1, 'V': 5, 'X': 10}[c] for c in (one, other))
        total += -here if here < there else here
    return total
"""
TITLE = "def title(words, sep=' '):\n    return sep.join(w.strip().upper() for w in words)\n"
ANNOTATED = """def g(a: int, b: list[str], *rest: float, c: bool = False, d: set[int] = set()):
    return len(b) + a
"""


def seed(code: str, *examples: str) -> Seed:
    node = ast.parse(code).body[0]
    assert isinstance(node, ast.FunctionDef)
    return Seed(SOURCE, code, node.name, "", "", tuple(Example(text, None) for text in examples))


def works(code: str, call: str) -> bool:
    scope: dict[str, object] = {}
    exec(code, scope)
    try:
        eval(call, scope)
    except Exception:  # noqa: BLE001  (whatever it raises, the call is not valid)
        return False
    return True


@pytest.mark.parametrize(("code", "share"), [(TWO_SUM, 0.2), (TITLE, 0.2), (ANNOTATED, 1.0)])
def test_first_guesses_are_often_valid(code: str, share: float) -> None:
    """Annotations make every guess valid; without them the code tells enough for many."""
    calls = first_calls(seed(code), Random(1), 40)

    assert len(calls) == 40
    assert sum(works(code, call) for call in calls) >= share * len(calls)


@pytest.mark.parametrize("code", [TWO_SUM, ROMAN, TITLE, ANNOTATED])
def test_what_was_valid_leads_to_more_of_it(code: str) -> None:
    """Two rounds of feedback make at least four of ten proposals valid."""
    tried = first_calls(seed(code), Random(1), 40)
    valid = [call for call in tried if works(code, call)]
    later = next_calls(seed(code), valid, set(tried), Random(2), 40)

    assert sum(works(code, call) for call in later) >= 0.4 * len(later) > 0


def test_examples_come_first() -> None:
    """Documented calls lead, in their order."""
    calls = first_calls(seed(TWO_SUM, "two_sum([2, 7], 9)", "two_sum([], 0)"), Random(1), 10)

    assert calls[:2] == ["two_sum([2, 7], 9)", "two_sum([], 0)"]


def test_proposals_are_new_distinct_short_and_parse() -> None:
    """None was tried, none comes twice, none is over the limit."""
    tried = first_calls(seed(TITLE), Random(1), 40, max_chars=60)
    later = next_calls(seed(TITLE), tried, set(tried), Random(2), 40, max_chars=60)

    assert not set(tried) & set(later)
    assert len(later) == len(set(later))
    assert all(len(call) <= 60 and parse_call(call) for call in tried + later)


def test_every_proposal_fits_the_signature() -> None:
    """`inspect` binds the arguments of each call."""
    scope: dict[str, object] = {}
    exec(ANNOTATED, scope)
    signature = inspect.signature(scope["g"])  # type: ignore[arg-type]
    for text in first_calls(seed(ANNOTATED), Random(3), 60):
        call = parse_call(text)

        assert call
        signature.bind(*call.args, **call.named)


def test_a_searched_value_is_sometimes_there() -> None:
    """Both ends of a search are reached, for arguments may share values."""
    code = "def find(items: list[int], goal: int):\n    return goal in items\n"
    calls = [parse_call(text) for text in first_calls(seed(code), Random(1), 40)]
    results = [call.args[1] in call.args[0] for call in calls if call]

    assert 0.15 < sum(results) / len(results) < 0.7


def test_edges_are_tried_early() -> None:
    """Once a call is known to work, zero, one and the empty list take each argument's place."""
    code = "def f(items: list[int], k: int):\n    return items[k:]\n"
    later = next_calls(seed(code), ["f([4, 5], 3)"], (), Random(1), 20)

    assert {"f([], 3)", "f([4, 5], 0)", "f([4, 5], 1)", "f([4, 5], -1)"} <= set(later)


def test_what_the_code_compares_with_is_passed() -> None:
    """Each branch that waits for one word of many is entered, in a helper too."""
    code = """def f(mode):
    if mode == "inclusive":
        return 1
    return g(mode, 3)


def g(kind, n):
    return n if kind in ("median", "mode") or n == 0 else -n
"""
    calls = first_calls(seed(code), Random(1), 40)

    assert {"f('inclusive')", "f('median')", "f('mode')"} <= set(calls)


def test_exceptions_tell_the_type() -> None:
    """No code names the type here, but CPython's complaint does."""
    code = "from binascii import b2a_uu\n\n\ndef f(p):\n    return b2a_uu(p)\n"
    program = Seed(SOURCE, code, "f", "", "")
    with pytest.raises(TypeError) as complaint:
        binascii.b2a_uu("x")  # type: ignore[arg-type]  # the point of it
    later = next_calls(program, [], (), Random(1), 20, complaints=[f"TypeError: {complaint.value}"])

    assert sum(works(code, call) for call in later) >= 5


def test_the_same_generator_gives_the_same_calls() -> None:
    """Randomness enters as an argument and nowhere else."""
    assert first_calls(seed(ROMAN), Random(5), 30) == first_calls(seed(ROMAN), Random(5), 30)


def test_a_small_domain_ends_the_search() -> None:
    """Two booleans make two calls, however many are asked for."""
    code = "def negate(x: bool):\n    y = not x\n    return y\n"

    assert sorted(first_calls(seed(code), Random(1), 50)) == ["negate(False)", "negate(True)"]


def test_a_parameter_that_is_called_gets_no_literal() -> None:
    """No plain value is a function, so nothing is proposed and nothing wasted."""
    assert first_calls(seed("def f(g, x):\n    y = g(x)\n    return y\n"), Random(1), 9) == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("return p.split()", "str"),
        ("return p % 3", "int"),
        ("return [y for y in p if y > 0]", "list"),
        ("return p.items()", "dict"),
        ("return range(p)", "int"),
        ("return p == 'a'", "str"),
        ("return p.startswith(b'x')", "bytes"),
        ("return p['k']", "dict"),
        ("p.append(1)\n    return p", "list"),
        ("return p[:2] == '__'", "str"),
        ("return ord(p) + 1", "char"),
        ("return p * 0.5", "float"),
        ("a, b, c = p\n    return a", "tuple"),
        ("return ' '.join(p)", "list"),
    ],
)
def test_the_code_tells_what_a_parameter_takes(body: str, kind: str) -> None:
    """The first guess is the type that the body works on."""
    (found,) = parameters(seed(f"def f(p):\n    {body}\n"))

    assert found.types[0].kind == kind


def test_what_nobody_would_pass_is_tried_where_lines_wait_for_it() -> None:
    """An `except TypeError` around ``iter(x)`` is entered; an annotated argument stays as it is."""
    code = """def f(x, n: int):
    try:
        iter(x)
    except TypeError:
        return n
    return x
"""
    later = next_calls(seed(code), ["f([4, 5], 3)"], (), Random(1), 20, strange=True)

    assert "f(7, 3)" in later
    assert "f([4, 5], 'word')" not in later

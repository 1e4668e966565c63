"""Working out expressions: CPython's own `eval` is the oracle."""

import ast
import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.monologues.run.literals import Unknown, canonical, parse
from pyx_dataset.monologues.run.pure import listed
from pyx_dataset.monologues.run.reckon import reckon

STATE = {"x": 3, "y": -2.5, "s": "a-B c", "xs": [3, 1, 2], "d": {"a": 1}, "t": (1, None), "b": True}
ATOMS = st.sampled_from([*STATE, "0", "1", "-1", "'a'", "''", "[]", "None", "2.5"])
BINARY = st.sampled_from(["+", "-", "*", "//", "%", "/", "**", "==", "<", ">=", "in", "not in",
                          "and", "or", "is", "is not", "&", "|", "^", "<<"])  # fmt: skip
CALLS = st.sampled_from(["len({})", "sorted({})", "str({})", "int({})", "max({}, x)", "sum({})",
                         "{}[0]", "{}[1:]", "{}[::-1]", "{}.upper()", "{}.split('-')", "not {}",
                         "[v for v in {} if v]", "any(v == 1 for v in {})", "{}.get('a', 0)",
                         "(1 if {} else 2)", "f'<{{{}}}>'", "isinstance({}, (int, str))",
                         "{}.replace('a', 'b')", "tuple({})", "abs({})", "round({})",
                         "{{k: i for i, k in enumerate({})}}", "list(map(str, {}))",
                         "sorted({}, key=lambda v: -v)", "sum(v for v in {})", "[*{}, 0]",
                         "list(reversed({}))", "{}.center(9, '*')", "{}.rpartition('a')",
                         "{}.pop()", "{}.items()", "list(zip({}, xs))", "f'{{{}:>5}}'",
                         "max({}, key=str)", "str.upper({})", "'{{}}-{{}}'.format({}, x)",
                         "{}.translate(str.maketrans('a', 'b'))", "list(range({}))",
                         "dict.fromkeys({}, 0)", "list(filter(None, {}))",
                         "set({}) | {{1}}", "'%s=%4s' % ({}, x)", "'%r' % x"])  # fmt: skip
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, BINARY, inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(CALLS, inner).map(lambda parts: parts[0].format(parts[1])),
    ),
    max_leaves=5,
)


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@given(EXPRESSIONS)
def test_a_value_that_is_worked_out_is_the_one_cpython_computes(source: str) -> None:
    """Unknown is always allowed; another value than CPython's never is."""
    try:
        node = ast.parse(source, mode="eval").body
        found = reckon(node, {name: repr(value) for name, value in STATE.items()})
    except (Unknown, SyntaxError):
        return
    expected = eval(source, {}, copy.deepcopy(STATE))
    assert canonical(listed(found)) == canonical(listed(expected))


@pytest.mark.parametrize(
    "source",
    ["'a' * 10**9", "10 ** 10 ** 10", "1 << 10**6", "[i for i in range(10**9)]", "open('x')",
     "s.format(s)", "'%1000000d' % x", "unknown", "list({1, 2})", "x.__class__", "print(x)",
     "s.center(10**9)", "'{:>99999}'.format(x)", "f'{x:>99999}'", "list(range(10**9))",
     "'{:{}}'.format(x, 9999)", "xs.pop() + len(xs)", "'%*d' % (9999, x)", "xs.append(1)",
     "sorted(s, key=open)"],
)  # fmt: skip
def test_what_is_not_small_and_pure_is_unknown(source: str) -> None:
    """Nothing costly is started and nothing with effects is called."""
    state = {"x": "1", "s": "'{0:999999}'", "xs": "[1, 2]"}
    with pytest.raises(Unknown):
        reckon(ast.parse(source, mode="eval").body, state)


def test_a_redefined_builtin_is_not_taken_for_the_builtin() -> None:
    """A program may bind `len` to anything."""
    with pytest.raises(Unknown):
        reckon(ast.parse("len([1])", mode="eval").body, {}, frozenset({"len"}))


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3)
    | st.lists(inner, max_size=2).map(tuple)
    | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=6,
)  # fmt: skip


@given(plain)
def test_canonical_text_is_repr_and_parses_back(value: object) -> None:
    """Without sets, the canonical text is what CPython's `repr` gives."""
    assert canonical(value) == repr(value)
    assert parse(canonical(value)) == value

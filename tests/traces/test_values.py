"""Text of values: CPython's `repr` and `ast.literal_eval` are the oracle."""

import ast
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import math
import subprocess
import sys
from array import array
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyx_dataset
from pyx_dataset.traces.values import (
    NotPlain,
    TooLarge,
    canonical,
    describe,
    describe_exception,
    is_plain,
    parse,
)

ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.binary(max_size=8)
)
KEYS = ATOMS | st.tuples(ATOMS, ATOMS) | st.frozensets(ATOMS, max_size=3)
ORDERED = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.tuples(inner)
        | st.dictionaries(ATOMS, inner, max_size=3)
    ),
    max_leaves=12,
)
PLAIN = st.recursive(
    ATOMS | st.complex_numbers() | st.just(math.nan),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.sets(KEYS, max_size=4)
        | st.frozensets(KEYS, max_size=4)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.tuples(inner)
    ),
    max_leaves=12,
)


@given(ORDERED)
def test_without_sets_canonical_is_repr(value: object) -> None:
    """Data without sets have the text that CPython gives them."""
    assert canonical(value, 10_000) == repr(value)


@given(ORDERED)
def test_parse_agrees_with_literal_eval(value: object) -> None:
    """Where the standard library can read the text, we read the same."""
    text = repr(value)
    if "inf" not in text:
        assert repr(parse(text)) == repr(ast.literal_eval(text))


@given(PLAIN)
def test_parse_is_the_inverse_of_canonical(value: object) -> None:
    """Reading a canonical text and writing it again gives the same text: types, signs, nan."""
    text = canonical(value, 100_000)
    assert canonical(parse(text), 100_000) == text
    assert type(parse(text)) is type(value)


def test_order_of_sets_does_not_depend_on_the_hash_seed() -> None:
    """Two interpreters with different hash seeds write the same text."""
    program = (
        "from pyx_dataset.traces.values import canonical;"
        "print(canonical([{'b', 'a', 'zz', 'q'}, frozenset('hello')], 100))"
    )
    texts = {ran_alone(program, hash_seed=seed) for seed in ("1", "2", "3")}
    assert texts == {b"[{'a', 'b', 'q', 'zz'}, frozenset({'e', 'h', 'l', 'o'})]\n"}


def ran_alone(program: str, hash_seed: str = "0") -> bytes:
    """What `program` prints in a fresh interpreter, with the package but none of its imports."""
    bare = (
        "import sys, types; package = sys.modules['pyx_dataset'] = types.ModuleType('pyx_dataset');"
        f"package.__path__ = {list(pyx_dataset.__path__)}\n"
    )
    return subprocess.run(
        [sys.executable, "-S", "-c", bare + program],
        env={"PYTHONHASHSEED": hash_seed},
        stdout=subprocess.PIPE,
        check=True,
    ).stdout


class Trap:
    """An object whose every method of its own is a trap."""

    def _sprung(self, *_: object) -> Any:
        raise AssertionError("user code was called")

    __repr__ = __str__ = __iter__ = __len__ = __bool__ = __eq__ = __format__ = _sprung
    __hash__ = _sprung
    __dict__ = property(_sprung)  # type: ignore[assignment]
    __class__ = property(_sprung)  # type: ignore[assignment]
    __getattribute__ = _sprung


class TrapList(list):  # type: ignore[type-arg]
    """A list whose iteration is a trap."""

    __iter__ = __len__ = __repr__ = __getitem__ = Trap._sprung


class TrapMeta(type):
    """A class whose name is a trap."""

    __name__ = __mro__ = __dict__ = property(Trap._sprung)  # type: ignore[assignment]
    __getattribute__ = __repr__ = __instancecheck__ = Trap._sprung


def test_user_code_is_never_called() -> None:
    """Neither function runs a method of the value, whatever the value overrides."""
    for value in (Trap(), [Trap()], {1: Trap()}, TrapList([1]), TrapMeta("Odd", (), {})):
        with pytest.raises(NotPlain):
            canonical(value, 100)
        assert type(describe(value, 100)) is str


def test_error_with_a_trap_inside_is_named_only() -> None:
    """The message of an exception that holds an object is not asked for."""
    assert describe_exception(ValueError(Trap()), 100) == "ValueError"


@pytest.mark.parametrize(
    "error",
    [ValueError("a"), KeyError("k"), KeyError(), OSError(2, "none"), TypeError("a", 1)],
)
def test_message_is_that_of_the_traceback(error: Exception) -> None:
    """Built-in exceptions read as the last line of CPython's traceback."""
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    assert describe_exception(error, 100) == text


class Point:
    """A plain user class."""

    def __init__(self) -> None:
        self.x = 1


class Slotted:
    """A class with slots, one of them empty."""

    __slots__ = ("x", "y")

    def __init__(self) -> None:
        self.x = [1]


class Color(enum.Enum):
    """An enumeration."""

    RED = 1


class Pair(NamedTuple):
    """A named tuple."""

    left: object
    right: object


@dataclasses.dataclass
class Item:
    """A data class."""

    name: str
    tags: set[str]


class Words(list):  # type: ignore[type-arg]
    """A list with an attribute."""


def _words() -> Words:
    words = Words(["a"])
    words.sep = "-"  # type: ignore[attr-defined]
    return words


def _cyclic() -> object:
    items: list[object] = [1]
    items.append(items)
    return items


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Point(), "<Point x=1>"),
        (Slotted(), "<Slotted x=[1]>"),
        (object(), "<object>"),
        (Color.RED, "Color.RED"),
        (Pair(1, Point()), "Pair(left=1, right=<Point x=1>)"),
        (Item("a", {"z", "b"}), "Item(name='a', tags={'b', 'z'})"),
        (_words(), "<Words ['a'] sep='-'>"),
        (_cyclic(), "[1, <cycle>]"),
        (collections.Counter("abb"), "Counter({'a': 1, 'b': 2})"),
        (collections.OrderedDict(a=1), "OrderedDict([('a', 1)])"),
        (collections.defaultdict(list, {1: [2]}), "defaultdict(<class list>, {1: [2]})"),
        (collections.deque([1], 3), "deque([1], maxlen=3)"),
        (fractions.Fraction(1, 3), "Fraction(1, 3)"),
        (decimal.Decimal("1.50"), "Decimal('1.50')"),
        (datetime.date(2024, 2, 29), "datetime.date(2024, 2, 29)"),
        (datetime.timedelta(1), "datetime.timedelta(days=1)"),
        (range(3), "range(0, 3)"),
        (slice(1, None), "slice(1, None, None)"),
        (array("i", [1]), "array('i', [1])"),
        ({1: 2}.items(), "dict_items([(1, 2)])"),
        (len, "<builtin len>"),
        ([].append, "<builtin append>"),
        (_words, "<function _words>"),
        (Point().__init__, "<method __init__>"),  # type: ignore[misc]
        (Point, "<class Point>"),
        (math, "<module math>"),
        ((i for i in ()), "<generator <genexpr>>"),
        (iter([]), "<list_iterator>"),
        (ValueError("a", Point()), "ValueError('a', <Point x=1>)"),
    ],
)
def test_what_is_not_plain_is_shown_by_its_structure(value: object, text: str) -> None:
    """Each kind of value has its own exact text, without an address."""
    assert describe(value, 1_000) == text
    with pytest.raises(NotPlain):
        canonical(value, 1_000)
    assert not is_plain(text)


def test_generator_is_not_advanced() -> None:
    """Describing an iterator leaves it where it was."""
    numbers = iter([1, 2])
    describe([numbers, (n for n in numbers)], 100)
    assert next(numbers) == 1


def _nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    ["x" * 100, [1] * 100, list(range(30)), {1: "x" * 99}, _nested(101), 10**5000, [10**5000]],
    ids=lambda value: type(value).__name__,
)
def test_over_the_limit_is_said_not_cut(value: object) -> None:
    """A text longer, deeper or with more digits than allowed is an error."""
    for function in (canonical, describe):
        with pytest.raises(TooLarge):
            function(value, 99)


def test_shared_parts_cannot_blow_up() -> None:
    """A small object graph whose text would have 2**60 characters is refused at once."""
    value: object = ()
    for _ in range(60):
        value = (value, value)
    with pytest.raises(TooLarge):
        canonical(value, 10_000)


@pytest.mark.parametrize(
    "text",
    [
        "", "f(1)", "x", "[x]", "1 + 1", "__import__('os')", "{**a}", "[*a]", "f'{1}'", "...",
        "set([1])", "frozenset([1])", "-True", "--1", "1 if 1 else 2", "'\\d'", "{[]: 1}",
        "\0", "'\ud800'", "[" * 1_000 + "]" * 1_000, "-" * 50_000 + "1", "(" * 50_000,
        "9" * 5_000, "{" * 99 + "}" * 99, "lambda: 1", "1, 2; 3", "a.b", "nan + 1",
    ],
)  # fmt: skip
def test_anything_else_is_a_value_error(text: str) -> None:
    """Hostile or foreign text is refused, and never evaluated."""
    with pytest.raises(ValueError, match=r".+"):
        parse(text)


@given(st.text(alphabet="[](){}'\",:-+.0123456789abefijnrostz \\", max_size=30))
def test_parse_never_fails_in_another_way(text: str) -> None:
    """Random text is data or a ValueError."""
    try:
        value = parse(text)
    except ValueError:
        return
    assert canonical(parse(canonical(value, 1_000)), 1_000) == canonical(value, 1_000)


def test_patched_builtins_do_not_reach_us() -> None:
    """A program that replaces every builtin changes nothing about its own trace."""
    program = """
import builtins, os
leave = os._exit
from collections import Counter
from pyx_dataset.traces.values import describe
class Point: pass
point = Point(); point.x = 1
write = os.write
value = [{3, 1}, {"a": point}, Counter("a"), slice(1), {1: 2}.keys(), ValueError("a")]
names = vars(builtins)
for name in [*names]:
    names[name] = None
write(1, describe(value, 200).encode())
leave(0)
"""
    assert ran_alone(program) == (
        b"[{1, 3}, {'a': <Point x=1>}, Counter({'a': 1}), slice(None, 1, None), "
        b"dict_keys([1]), ValueError('a')]"
    )

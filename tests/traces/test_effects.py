"""What a statement can change, and what a value was: in doubt, everything and nothing."""

import array
import ast
import itertools
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyx_dataset.traces.lines import effects_of
from pyx_dataset.traces.memory import Memories
from pyx_dataset.traces.tracer import Abandoned, Tracer
from pyx_dataset.traces.values import canonical

TAME = [
    "x = len(y) + y[0]", "x = a if b else [c for c in y if c]", "x, *z = sorted(y, key=len)",
    "for i, v in enumerate(y): pass", "while x > 0 and y: pass", "if x.startswith('a'): pass",
    "return {**d, 'k': f'{x}'}", "x += y", "assert x in y, 'z'.join(y)", "def g(k=1): pass",
]  # fmt: skip
WILD = [
    "y.append(1)", "x = y.pop()", "d[k] = 1", "del d[k]", "o.x = 1", "x = o.x", "x = g(y)",
    "with a as b: pass", "import os", "x = (y := 1)", "x = yield", "x = max(y, key=d.pop)",
    "@g\ndef h(): pass", "class C: pass", "x = [y.add(c) for c in d]", "for o.x in y: pass",
    "for d[0] in y: pass", "x = next(y)", "global x; x = (lambda: y.clear())()",
    "match x:\n    case [a]: pass", "def g(k=f()): pass", "raise f()", "del x",
]  # fmt: skip


@pytest.mark.parametrize("line", TAME)
def test_statement_that_changes_only_what_it_stores(line: str) -> None:
    """Operators, pure builtins and methods that change nothing."""
    assert 1 in effects_of(line).stores_only


@pytest.mark.parametrize("line", WILD)
def test_statement_that_may_change_anything(line: str) -> None:
    """Whatever is not known to be tame."""
    last = ast.parse(line).body[-1]
    assert last.lineno not in effects_of(line).stores_only


def test_builtin_of_another_meaning_is_not_trusted() -> None:
    """A program that calls something its own `len` gets no benefit of the doubt."""
    for own in ("len = y.pop", "def len(x): pass", "from z import len", "lambda len: 1"):
        assert 2 not in effects_of(f"{own}\nx = len(y)").stores_only


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
    | st.binary(max_size=2) | st.sampled_from([60, 62, "<>", -0.0, 10**30]),
    lambda inner: st.lists(inner, max_size=4)
    | st.tuples(inner, inner)
    | st.dictionaries(st.text(max_size=2) | st.integers(), inner, max_size=3)
    | st.frozensets(st.integers(0, 99) | st.text(max_size=1), max_size=3).map(set),
    max_leaves=8,
)  # fmt: skip


@given(PLAIN, PLAIN, st.sampled_from(["", "import array"]))
def test_states_are_told_apart_as_their_texts_are(one: Any, other: Any, source: str) -> None:
    """The text is the canonical one, and keys agree if the texts do, if they are of one value."""
    memories = Memories(source)
    first, second = memories.of(one), memories.of(other)

    assert (first[1], second[1]) == (canonical(one, 10_000), canonical(other, 10_000))
    assert first[2] is second[2] is True
    if first[0] == second[0]:
        assert first[1] == second[1]
    assert memories.of(one) == first


def test_a_buffer_is_not_taken_for_bytes() -> None:
    """`marshal` writes them alike."""
    memories = Memories("import array")
    values = [[b"x"], [bytearray(b"x")], [array.array("b", b"x")], bytearray(b"x"), Counter("x")]
    states = [memories.of(value) for value in values]

    assert len({key for key, _, _ in states}) == len(values)
    assert [is_plain for _, _, is_plain in states] == [True, False, False, False, False]


def test_a_class_that_hands_out_buffers_is_not_asked() -> None:
    """Where a program defines such a one, values are remembered by their texts."""
    assert Memories("class C:\n    def __buffer__(self, flags): ...").of([1]) == (
        "[1]",
        "[1]",
        True,
    )


HEAD = "import itertools\ndef f(xs):\n    ys, d, n, t = xs, {'k': xs}, 0, (xs, 1)\n"
SNEAKY = [
    "for n in map(ys.append, [1, 2]): n = 1",
    "it = map(ys.append, [7, 8])\n    for n in it:\n        n = 1",
    "p = ys.pop\n    n = p()\n    n = sum(map(p, [0]))",
    "n = sorted([2, 1], key=lambda v: ys.append(v) or v)",
    "n = [ys.append(v) for v in [1]]\n    n = 0",
    "g = (ys.append(v) for v in [1, 2])\n    n = list(g)\n    n = 1",
    "ys += [3]\n    n = 1",
    "t[0].append(4)\n    n = 1",
    "d['k'][:0] = [5]\n    n = 1",
    "n = list(iter(ys.pop, None)) if len(ys) > 9 else ys.sort()",
    "for d['k'][0] in [8, 9]:\n        n += 1",
    "def g():\n        nonlocal n\n        n += 1\n        return ys.append(n)\n    g()\n"
    "    [g() for _ in ys[:1]]",
    "n = list(itertools.accumulate([1, 2], lambda a, b: ys.append(a) or b))",
    "class C:\n        def __add__(self, o):\n            ys.append(o)\n            return o\n"
    "    c = C()\n    n = c + 1\n    n = sum([c])if not ys else c + 2",
]


@pytest.mark.parametrize("body", SNEAKY)
def test_no_roundabout_change_is_missed(body: str) -> None:
    """Whatever the way in which a list changed, all its names show it at once."""
    code = f"{HEAD}    {body}\n    return 0\n"
    names: dict[str, Any] = {}
    exec(compile(code, "<program>", "exec"), names)
    tracer = Tracer(filename="<program>", source=code, max_steps=500, max_value_chars=999)
    with suppress(Exception, Abandoned):
        tracer.run(lambda: names["f"]([3, 1]))
    shown: dict[str, str] = {}
    changes = 0
    for step in itertools.takewhile(lambda step: step[0] != "return", tracer.steps):
        if step[3] == "f":
            shown |= dict(step[4])
            changes += "xs" in dict(step[4])
            assert shown.get("ys", shown["xs"]) == shown["xs"]
            assert shown.get("d", "{'k': " + shown["xs"] + "}") == "{'k': " + shown["xs"] + "}"
    assert changes > 1

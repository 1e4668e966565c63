"""Values as text that is the same in every run: no user code, no addresses, no hash order.

`canonical` is for what is compared and published: plain data only, and `parse` reads it back.
`describe` is for the variables of a trace: it has a text for anything, but never the object's own.

Runs inside the sandbox beside the program, so it depends on nothing that the program can
replace: the standard library only, names bound at import, a private copy of the builtins.
"""

import ast
import builtins
import warnings
from collections.abc import Collection, Iterable
from typing import Any

from pyx_dataset.traces.shapes import Bag, Pairs, definer, error_args, exact_type, shape
from pyx_dataset.traces.shapes import name_of as name_of

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))

MAX_DEPTH = 100
"""Deepest nesting that is written; CPython's own parser reads at most 200 brackets."""
MAX_INT_BITS = 14_000
"""Longest int, just below the 4300 digits at which CPython refuses to make a text."""
MAX_PARSED_CHARS = 10_000_000

_TEXTS = frozenset((str, bytes))
_ATOMS = _TEXTS | {type(None), bool, int, float, complex}
_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    dict: ("{", "}"),
    Pairs: ("{", "}"),
    Bag: ("{", "}"),
}
_SETS = (set, frozenset, Bag)
_EMPTY: dict[type, str] = {set: "set()", frozenset: "frozenset()"}
_PLAIN = frozenset((list, tuple, set, frozenset, dict))


class NotPlain(Exception):  # noqa: N818  (says what the value is, not that we failed)
    """The value is not plain data; ``args[0]`` is the name of the offending type."""


class TooLarge(Exception):  # noqa: N818
    """The text would pass the limit on its length, its nesting or the digits of an int."""


def canonical(value: object, max_chars: int) -> str:
    """
    The one text of plain data: `repr`, with sets sorted by the text of their elements.

    Plain data are the exact builtin types None, bool, int, float, complex, str, bytes, list,
    tuple, dict, set and frozenset, nested in each other.

    Raises:
        NotPlain: a subclass, an object, or a container that holds itself.
        TooLarge: more than `max_chars` characters, 100 levels or 4300 digits of an int.

    >>> canonical({3: {"b", "a"}, "n": (float("nan"), -0.0)}, 100)
    "{3: {'a', 'b'}, 'n': (nan, -0.0)}"
    """
    return _render(value, max_chars, (), strict=True)


def describe(value: object, max_chars: int) -> str:
    """
    A text for any value: `canonical` where it is plain, its structure where it is not.

    What cannot be seen without running it (a generator, a function) is only named.

    Raises:
        TooLarge: as in `canonical`.

    >>> from collections import Counter
    >>> describe([Counter("abb"), len, iter([1])], 100)
    "[Counter({'a': 1, 'b': 2}), <builtin len>, <list_iterator>]"
    """
    return _render(value, max_chars, (), strict=False)


def describe_exception(error: BaseException, max_chars: int) -> str:
    """
    ``"Type: message"`` as a traceback ends, or only the type where the message is not plain data.

    Raises:
        TooLarge: as in `canonical`.

    >>> describe_exception(KeyError("k"), 100)
    "KeyError: 'k'"
    """
    name = name_of(type(error))
    arguments = error_args(error)
    try:
        message = canonical(arguments, max_chars)
    except NotPlain:
        return name
    writer = definer(type(error), "__str__")
    if writer not in _BUILTIN_ERRORS:
        return name
    if writer not in (BaseException, KeyError):
        message = str(error)  # CPython's own, such as that of OSError
    elif len(arguments) == 1:
        is_text = writer is BaseException and type(arguments[0]) is str
        message = arguments[0] if is_text else canonical(arguments[0], max_chars)
    return f"{name}: {message}" if arguments and message else name


_BUILTIN_ERRORS = frozenset(
    kind
    for kind in vars(builtins).values()
    if isinstance(kind, type) and issubclass(kind, BaseException)
)


def _render(value: object, room: int, inside: tuple[int, ...], *, strict: bool) -> str:
    """`value` in at most `room` characters; `inside` are the ids of the containers around it."""
    kind = exact_type(value)
    if kind in _ATOMS:
        return _atom(value, room)
    if strict and (kind not in _PLAIN or id(value) in inside):
        raise NotPlain(name_of(type(value)))
    if id(value) in inside:
        return "<cycle>"
    if len(inside) >= MAX_DEPTH:
        raise TooLarge(f"value nested more than {MAX_DEPTH} deep")
    inside = (*inside, id(value))
    if kind in _BRACKETS:
        return _container(value, kind, room, inside, strict)  # type: ignore[arg-type]  # exact type
    opening, children, separator, closing = shape(value)
    texts = _texts((child for _, child in children), room, inside, strict)
    parts = (label + text for (label, _), text in zip(children, texts, strict=True))
    return _fit(opening + separator.join(parts) + closing, room)


def _container(
    value: Collection[object], kind: type, room: int, inside: tuple[int, ...], strict: bool
) -> str:
    opening, closing = _BRACKETS[kind]
    if len(value) > room:
        raise TooLarge(f"value of {len(value)} elements")
    if kind is dict and _is_flat(value, room) and _is_flat(dict.values(value), room):  # type: ignore[arg-type]
        return _fit(_atom_text(value), room)
    if kind is dict or kind is Pairs:
        pairs: Any = dict.items(value) if kind is dict else value  # type: ignore[arg-type]
        keys = _texts((key for key, _ in pairs), room, inside, strict)
        items = _texts((item for _, item in pairs), room, inside, strict)
        texts = [f"{key}: {item}" for key, item in zip(keys, items, strict=True)]
    elif not value and kind in _EMPTY:
        return _fit(_EMPTY[kind], room)
    elif kind in (list, tuple) and _is_flat(value, room):
        return _fit(_atom_text(value), room)
    else:
        texts = _texts(value, room, inside, strict)
    if kind in _SETS:
        texts.sort()
    if kind is tuple and len(texts) == 1:
        closing = ",)"
    return _fit(opening + ", ".join(texts) + closing, room)


def _is_flat(values: Iterable[object], room: int) -> bool:
    """Whether all are atoms that `repr` may write out in one go, without a giant among them."""
    kinds = set(map(exact_type, values))
    if not kinds <= _ATOMS:
        return False
    texts: Any = [] if kinds.isdisjoint(_TEXTS) else [v for v in values if type(v) in _TEXTS]
    return sum(map(len, texts)) <= room


def _texts(values: Iterable[object], room: int, inside: tuple[int, ...], strict: bool) -> list[str]:
    texts = []
    for value in values:
        texts.append(_render(value, room, inside, strict=strict))
        room -= len(texts[-1])
    return texts


def _atom(value: object, room: int) -> str:
    kind = type(value)
    if kind is int and int.bit_length(value) > MAX_INT_BITS:  # type: ignore[arg-type]
        raise TooLarge(f"value with an int of {int.bit_length(value)} bits")  # type: ignore[arg-type]
    if (kind is str or kind is bytes) and len(value) > room:  # type: ignore[arg-type]
        raise TooLarge(f"value of {len(value)} characters")  # type: ignore[arg-type]
    return _fit(_atom_text(value), room)


def _atom_text(value: object) -> str:
    try:
        return repr(value)
    except ValueError as error:  # an int beyond the digits that `sys.set_int_max_str_digits` allows
        raise TooLarge(f"value with an int: {error}") from None


def _fit(text: str, room: int) -> str:
    if len(text) > room:
        raise TooLarge("value with too many characters")
    return text


def parse(text: str) -> object:
    """
    The plain data that `canonical` wrote. Reads literals; names and calls mean nothing here.

    Raises:
        ValueError: `text` is anything else, or nested or long beyond reason.

    >>> parse("{'a': {1, 2}, 'b': (nan, -inf), 'c': frozenset()}")
    {'a': {1, 2}, 'b': (nan, -inf), 'c': frozenset()}
    """
    if len(text) > MAX_PARSED_CHARS:
        raise ValueError(f"{len(text)} characters are too many to read as data")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # '\d' is no text that `canonical` writes
            tree = ast.parse(text.strip(), mode="eval")
        return _data(tree.body, text.strip())
    except (SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError(f"not plain data: {_short(text)} ({error})") from None


def is_plain(text: str) -> bool:
    """Whether `text` is plain data: false for ``<generator f>`` and for ``Counter({'a': 1})``."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _data(node: ast.expr, text: str) -> object:
    match node:
        case ast.Constant(value=value) if type(value) in _ATOMS:
            return value
        case ast.Name(id="nan" | "inf" as name):
            return float(name)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)) if (
            type(value) is int or type(value) is float
        ):
            return -value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Name(id="inf")):
            return float("-inf")
        case ast.List(elts=elements):
            return [_data(element, text) for element in elements]
        case ast.Tuple(elts=elements):
            return tuple(_data(element, text) for element in elements)
        case ast.Set(elts=elements):
            return {_data(element, text) for element in elements}
        case ast.Dict(keys=keys, values=values) if None not in keys:
            return {
                _data(key, text): _data(value, text)  # type: ignore[arg-type]  # no `**` among them
                for key, value in zip(keys, values, strict=True)
            }
        case ast.Call(func=ast.Name(id="set"), args=[], keywords=[]):
            return set()
        case ast.Call(func=ast.Name(id="frozenset"), args=[], keywords=[]):
            return frozenset()
        case ast.Call(func=ast.Name(id="frozenset"), args=[ast.Set() as elements], keywords=[]):
            return frozenset(_data(elements, text))  # type: ignore[call-overload]  # a set
        case ast.BinOp() | ast.UnaryOp() | ast.Name(id="nanj" | "infj"):
            # Arithmetic would lose the sign of a zero: -0+1j is read as a whole.
            return complex(ast.get_source_segment(text, node) or "")
    raise ValueError(f"not plain data: {_short(ast.get_source_segment(text, node) or text)}")


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
